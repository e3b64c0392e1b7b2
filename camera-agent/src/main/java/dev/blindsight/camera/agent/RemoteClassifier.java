package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.MqttRefusedException;
import dev.blindsight.camera.mqtt.MqttUnavailableException;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.message.RefusalReason;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks workers over MQTT by request and response (MQTT 5 section 4.10). A request is sent again
 * until its reply is there or its time is up; its id makes that harmless, since workers answer a
 * repeated id without working twice, and a second reply is only counted.
 */
final class RemoteClassifier {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteClassifier.class);
  private static final String CLOSED = "the agent is closing";

  private final DeviceAddress address;
  private final String modelId;
  private final RemoteSettings settings;
  private final boolean keepsWhileUnavailable;
  private final ScheduledExecutorService timers;
  private final Function<OutgoingMessage, CompletableFuture<Delivery>> publisher;
  private final Outbox outbox = new MemoryOutbox();
  private final LongAdder duplicated = new LongAdder();
  private volatile boolean closed;

  /**
   * @param modelId the model that is to answer
   * @param keepsWhileUnavailable whether requests wait for a lost broker; otherwise they fail at
   *     once, because somebody else can answer
   * @param timers runs the repetitions
   * @param publisher sends a message
   */
  RemoteClassifier(
      DeviceAddress address,
      String modelId,
      RemoteSettings settings,
      boolean keepsWhileUnavailable,
      ScheduledExecutorService timers,
      Function<OutgoingMessage, CompletableFuture<Delivery>> publisher) {
    this.address = address;
    this.modelId = modelId;
    this.settings = settings;
    this.keepsWhileUnavailable = keepsWhileUnavailable;
    this.timers = timers;
    this.publisher = publisher;
  }

  /**
   * Asks for an answer.
   *
   * @param readout its values are copied
   * @return fails with {@link RemoteException} when no worker answers
   */
  CompletableFuture<Classification> classify(Readout readout) {
    String id = UUID.randomUUID().toString();
    Duration patience = Duration.ofMillis(settings.giveUpMillisOrDefault());
    OutgoingMessage message =
        new OutgoingMessage(
            new Topic.Readout(address).render(),
            ReadoutRequestCodec.encode(ReadoutRequest.plain(id, address.site(), modelId, readout)),
            false,
            new OutgoingMessage.Properties(
                ReadoutRequest.CONTENT_TYPE,
                new Topic.Reply(address).render(),
                id.getBytes(StandardCharsets.US_ASCII),
                patience));
    RemoteRequest request = new RemoteRequest(id, message, System.nanoTime() + patience.toNanos());
    outbox.add(request);
    send(request);
    if (closed) {
      giveUp(request, CLOSED);
    }
    return request.reply();
  }

  /** How many requests wait for their reply. */
  int waiting() {
    return outbox.waiting().size();
  }

  /** How many replies came to requests that had one already. */
  long duplicated() {
    return duplicated.sum();
  }

  private void send(RemoteRequest request) {
    repeatLater(request);
    CompletableFuture<Void> _ =
        publisher
            .apply(request.message())
            .handle((_, failure) -> {
              failed(request, failure);
              return null;
            });
  }

  private void failed(RemoteRequest request, @Nullable Throwable failure) {
    switch (failure) {
      case MqttRefusedException refused -> giveUp(request, String.valueOf(refused.getMessage()));
      case MqttUnavailableException unavailable when !keepsWhileUnavailable ->
          giveUp(request, String.valueOf(unavailable.getMessage()));
      case null, default -> {
        // Sent, or kept for the next attempt.
      }
    }
  }

  private void repeatLater(RemoteRequest request) {
    long millis = settings.resendMillisOrDefault();
    long scattered = millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1);
    try {
      ScheduledFuture<?> repetition =
          timers.schedule(() -> repeat(request.id()), scattered, TimeUnit.MILLISECONDS);
      CompletableFuture<Boolean> _ = request.reply().handle((_, _) -> repetition.cancel(false));
    } catch (RejectedExecutionException _) {
      // Closing: whatever waits is given up.
    }
  }

  private void repeat(String requestId) {
    Optional<RemoteRequest> request = outbox.find(requestId);
    if (request.isEmpty()) {
      return;
    }
    if (request.get().isOverdue()) {
      giveUp(
          request.get(),
          "no worker has answered within %d ms".formatted(settings.giveUpMillisOrDefault()));
    } else {
      send(request.get());
    }
  }

  /** The broker is back: what waits is sent again at once. */
  void sendAgain() {
    for (RemoteRequest request : outbox.waiting()) {
      CompletableFuture<Delivery> _ = publisher.apply(request.message());
    }
  }

  /** The broker is gone: what waits fails, if somebody else can answer it. */
  void unavailable(String reason) {
    if (!keepsWhileUnavailable) {
      giveUpAll(reason);
    }
  }

  /** Fails all that waits and whatever is asked from now on. */
  void close() {
    closed = true;
    giveUpAll(CLOSED);
  }

  private void giveUpAll(String reason) {
    for (RemoteRequest request : outbox.waiting()) {
      giveUp(request, reason);
    }
  }

  private void giveUp(RemoteRequest request, String reason) {
    outbox
        .remove(request.id())
        .ifPresent(waiting -> waiting.reply().completeExceptionally(new RemoteException(reason)));
  }

  /** Takes a message from the reply topic. */
  void replied(IncomingMessage message) {
    message.acknowledge();
    ClassificationReply reply;
    try {
      reply = ClassificationReplyCodec.decode(message.payload());
    } catch (MalformedMessageException e) {
      LOG.warn("ignored: {}", e.getMessage());
      return;
    }
    switch (reply.outcome()) {
      case ClassificationReply.Answer answer ->
          answered(reply.requestId(), new Classification(answer.top()));
      case ClassificationReply.Refusal refusal -> refused(reply.requestId(), refusal);
    }
  }

  private void answered(String requestId, Classification answer) {
    Optional<RemoteRequest> request = outbox.remove(requestId);
    if (request.isPresent()) {
      request.get().reply().complete(answer);
    } else {
      duplicated.increment();
    }
  }

  private void refused(String requestId, ClassificationReply.Refusal refusal) {
    if (refusal.reason() == RefusalReason.OVERLOADED) {
      // It is asked again in its turn.
      return;
    }
    outbox
        .find(requestId)
        .ifPresent(request -> giveUp(request, "a worker refuses: " + refusal.detail()));
  }
}
