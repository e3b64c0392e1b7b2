package dev.blindsight.camera.worker;

import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.seal.OpenedRequest;
import dev.blindsight.protocol.seal.ReplySealer;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.seal.SealedContent;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes replies to those who asked: sealed where the request was. Thread-safe. */
final class ReplySending {
  private static final Logger LOG = LoggerFactory.getLogger(ReplySending.class);
  private static final Duration EXPIRY = Duration.ofMinutes(1);

  /** Protobuf's tag and length of an envelope in a batch. */
  private static final int LENGTH_FIELD = 8;

  private final ReplySealer sealer;
  private final Function<OutgoingMessage, CompletableFuture<Delivery>> publisher;

  ReplySending(
      ReplySealer sealer, Function<OutgoingMessage, CompletableFuture<Delivery>> publisher) {
    this.sealer = sealer;
    this.publisher = publisher;
  }

  /** A reply as it travels. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  record Payload(String contentType, byte[] bytes) {
    private boolean isSealed() {
      return contentType.equals(SealedContent.TYPE);
    }
  }

  /**
   * A reply for the device that asked, and nobody else.
   *
   * @return empty when the device's keys have been withdrawn
   */
  Optional<Payload> sealed(OpenedRequest opened, ClassificationReply reply) {
    try {
      return Optional.of(new Payload(SealedContent.TYPE, sealer.seal(opened, reply)));
    } catch (SealException e) {
      LOG.debug("no reply: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** A reply for whoever listens to a device's reply topic. */
  static Payload plain(ClassificationReply reply) {
    return new Payload(ClassificationReply.CONTENT_TYPE, ClassificationReplyCodec.encode(reply));
  }

  /**
   * Publishes all replies to what came in one message: as one message where they fit and are
   * sealed. Only who has sent several together gets several together.
   *
   * @param correlation of the message
   * @return fails when one of them fails
   */
  CompletableFuture<Void> publish(
      DeviceAddress device, byte @Nullable [] correlation, List<Payload> replies) {
    List<CompletableFuture<Delivery>> published = new ArrayList<>();
    List<byte[]> together = new ArrayList<>();
    int length = LENGTH_FIELD;
    for (Payload reply : replies) {
      if (!reply.isSealed()) {
        published.add(publish(device, correlation, reply));
        continue;
      }
      int more = reply.bytes().length + LENGTH_FIELD;
      if (together.size() == SealedBatchCodec.MOST || length + more > SealedBatchCodec.LONGEST) {
        published.add(publishTogether(device, correlation, together));
        together.clear();
        length = LENGTH_FIELD;
      }
      together.add(reply.bytes());
      length += more;
    }
    if (!together.isEmpty()) {
      published.add(publishTogether(device, correlation, together));
    }
    return CompletableFuture.allOf(published.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Delivery> publishTogether(
      DeviceAddress device, byte @Nullable [] correlation, List<byte[]> envelopes) {
    return publish(
        device,
        correlation,
        envelopes.size() == 1
            ? new Payload(SealedContent.TYPE, envelopes.getFirst())
            : new Payload(SealedBatchCodec.CONTENT_TYPE, SealedBatchCodec.encode(envelopes)));
  }

  private CompletableFuture<Delivery> publish(
      DeviceAddress device, byte @Nullable [] correlation, Payload reply) {
    return publisher.apply(
        new OutgoingMessage(
            new Topic.Reply(device).render(),
            reply.bytes(),
            false,
            new OutgoingMessage.Properties(reply.contentType(), null, correlation, EXPIRY)));
  }
}
