package dev.blindsight.camera.agent;

import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.MqttRefusedException;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.seal.Freshness;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Publishes requests: one in a message, or several small ones together when there is much to send.
 * The rule is Nagle's for TCP (RFC 896): a small request goes at once while no other is on its way
 * to the broker; otherwise it waits for the broker's word on that one, or until a message is full.
 * So one request alone is never delayed, and a backlog costs few messages.
 *
 * <p>For one thread.
 */
final class Outbox {
  /** Workers refuse what was sent longer ago. */
  private static final Duration EXPIRY = Freshness.STANDARD.tolerance();

  /** In a longer one, the message itself is not what costs. */
  private static final int LONGEST_SMALL = 2 << 10;

  private static final int FULL = 32 << 10;

  private final DeviceAddress address;
  private final RemoteChannel channel;
  private final Function<OutgoingMessage, CompletableFuture<Delivery>> publisher;
  private final Executor own;
  private final Told told;
  private final List<Waiting> waiting = new ArrayList<>();
  private int bytes;
  private int onTheirWay;
  private boolean alone;

  /** Told what the broker says to a request. */
  @FunctionalInterface
  interface Told {
    void published(RemoteRequest request, @Nullable Delivery delivery, @Nullable Throwable failure);
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Waiting(RemoteRequest request, byte[] payload) {}

  /**
   * @param address whose requests they are
   * @param channel how they look
   * @param publisher sends a message
   * @param own runs tasks on the thread that all this belongs to
   * @param told what becomes of each, on that thread
   */
  Outbox(
      DeviceAddress address,
      RemoteChannel channel,
      Function<OutgoingMessage, CompletableFuture<Delivery>> publisher,
      Executor own,
      Told told) {
    this.address = address;
    this.channel = channel;
    this.publisher = publisher;
    this.own = own;
    this.told = told;
  }

  /**
   * Sends a request, now or soon.
   *
   * @param payload of this transmission
   */
  void send(RemoteRequest request, byte[] payload) {
    Waiting item = new Waiting(request, payload);
    if (alone || !channel.batches() || payload.length > LONGEST_SMALL) {
      publish(List.of(item), () -> {});
      return;
    }
    waiting.add(item);
    bytes += payload.length;
    if (onTheirWay == 0 || waiting.size() == SealedBatchCodec.MOST || bytes >= FULL) {
      sendWaiting();
    }
  }

  /** The connection is lost: what waits is sent anew, sealed anew, over the next. */
  void clear() {
    waiting.clear();
    bytes = 0;
    alone = false;
  }

  private void sendWaiting() {
    if (waiting.isEmpty()) {
      return;
    }
    List<Waiting> items = List.copyOf(waiting);
    waiting.clear();
    bytes = 0;
    onTheirWay++;
    publish(
        items,
        () -> {
          onTheirWay--;
          sendWaiting();
        });
  }

  private void publish(List<Waiting> items, Runnable afterwards) {
    CompletableFuture<Void> _ =
        publisher
            .apply(message(items))
            .handle((delivery, failure) -> {
              own.execute(() -> {
                published(items, delivery, failure);
                afterwards.run();
              });
              return null;
            });
  }

  private void published(
      List<Waiting> items, @Nullable Delivery delivery, @Nullable Throwable failure) {
    if (items.size() > 1
        && failure instanceof MqttRefusedException refused
        && refused.isTooLarge()) {
      // Each by itself may be short enough for this broker.
      alone = true;
      items.forEach(item -> send(item.request(), item.payload()));
      return;
    }
    items.forEach(item -> told.published(item.request(), delivery, failure));
  }

  private OutgoingMessage message(List<Waiting> items) {
    String replyTopic = new Topic.Reply(address).render();
    if (items.size() == 1) {
      Waiting item = items.getFirst();
      return message(
          item.payload(),
          new OutgoingMessage.Properties(
              channel.contentType(),
              replyTopic,
              item.request().id().getBytes(StandardCharsets.US_ASCII),
              EXPIRY));
    }
    return message(
        SealedBatchCodec.encode(items.stream().map(Waiting::payload).toList()),
        new OutgoingMessage.Properties(SealedBatchCodec.CONTENT_TYPE, replyTopic, null, EXPIRY));
  }

  private OutgoingMessage message(byte[] payload, OutgoingMessage.Properties properties) {
    return new OutgoingMessage(new Topic.Readout(address).render(), payload, false, properties);
  }
}
