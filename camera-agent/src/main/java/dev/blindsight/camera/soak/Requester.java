package dev.blindsight.camera.soak;

import dev.blindsight.camera.mqtt.ConnectionListener;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.MqttConnection;
import dev.blindsight.camera.mqtt.MqttSettings;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.Reconnection;
import dev.blindsight.camera.mqtt.Subscription;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.keys.SealKeys;
import dev.blindsight.protocol.keys.SealPurpose;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutPayload;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.seal.Freshness;
import dev.blindsight.protocol.seal.ReplyOpener;
import dev.blindsight.protocol.seal.RequestSealer;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import dev.blindsight.protocol.topic.TopicFilter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A device that does nothing but ask: no sensor, no spool, no results of its own, so that as little
 * as can be is taken from those whom it asks. What it sends is what an agent sends, sealed, several
 * requests in a message; as many more go out as answers come in.
 *
 * <p>It stops at the first thing that goes wrong, for it is alone with a broker and a worker that
 * nobody disturbs.
 */
final class Requester implements AutoCloseable {
  private static final Duration EXPIRY = Freshness.STANDARD.tolerance();
  private static final int MESSAGES_AHEAD = 64;

  private final int camera;
  private final String modelId;
  private final SpecId specId;
  private final SoakReadouts readouts;
  private final ExpectedAnswers expected;
  private final DeviceAddress address;
  private final SealKey requestKey;
  private final SealKey replyKey;
  private final RequestSealer sealer;
  private final ReplyOpener opener;
  private final MqttConnection connection;
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private final CompletableFuture<Void> failed = new CompletableFuture<>();

  // Under the lock of this.
  private final Map<String, Long> onTheirWay = new HashMap<>();
  private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);
  private boolean asking;
  private long next;
  private long answered;
  private long wrong;

  /**
   * @param plan with the device's secret written already
   * @param camera which of the plan's devices it is
   */
  Requester(
      SoakPlan plan, int camera, SpecId specId, SoakReadouts readouts, ExpectedAnswers expected) {
    this.camera = camera;
    this.modelId = plan.model();
    this.specId = specId;
    this.readouts = readouts;
    this.expected = expected;
    this.address = new DeviceAddress(SoakPlan.SITE, SoakPlan.device(camera));
    try (DeviceSecret secret = DeviceSecret.read(plan.secret(camera))) {
      this.requestKey = SealKeys.derive(secret, SealPurpose.REQUEST, address, SoakKeys.EPOCH);
      this.replyKey = SealKeys.derive(secret, SealPurpose.REPLY, address, SoakKeys.EPOCH);
    }
    this.sealer =
        new RequestSealer(requestKey, address, SoakKeys.EPOCH, new SecureRandom().nextInt());
    this.opener =
        new ReplyOpener(
            epoch -> epoch == SoakKeys.EPOCH ? Optional.of(replyKey) : Optional.empty(), address);
    this.connection =
        MqttConnection.to(
            new MqttSettings(
                plan.broker(),
                null,
                "blindsight/" + address,
                null,
                MESSAGES_AHEAD,
                Reconnection.standard()),
            List.of(new Subscription(TopicFilter.only(new Topic.Reply(address)), this::replied)),
            new Link());
    connection.connect();
  }

  /** Completes when it is ready to ask. */
  CompletableFuture<Void> connected() {
    return connected.copy();
  }

  /** Never completes but exceptionally, with one line of what went wrong. */
  CompletableFuture<Void> failed() {
    return failed.copy();
  }

  /**
   * Begins to ask, and keeps as many requests on their way.
   *
   * @param window how many, at least 1
   * @param together how many of them travel in a message, 1..{@link SealedBatchCodec#MOST}
   */
  synchronized void start(int window, int together) {
    asking = true;
    idle = new CompletableFuture<>();
    for (int left = window; left > 0; left -= together) {
      ask(Math.min(left, together));
    }
  }

  /**
   * Asks no more.
   *
   * @return completes when all is answered that was asked
   */
  synchronized CompletableFuture<Void> pause() {
    asking = false;
    completeIfIdle();
    return idle.copy();
  }

  /** How many answers have come. */
  synchronized long answered() {
    return answered;
  }

  /** Of those, how many were not what the model says. */
  synchronized long wrong() {
    return wrong;
  }

  private void ask(int count) {
    List<byte[]> envelopes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long sequence = next++;
      String id = "request-" + sequence;
      Instant now = Instant.now();
      onTheirWay.put(id, sequence);
      envelopes.add(
          sealer.seal(
              new ReadoutRequest(
                  id,
                  address,
                  sequence,
                  now,
                  specId,
                  GuaranteeLevel.ADDRESSED,
                  modelId,
                  new ReadoutPayload.Plain(readouts.values(readouts.which(camera, sequence)))),
              sequence,
              now));
    }
    OutgoingMessage message =
        new OutgoingMessage(
            new Topic.Readout(address).render(),
            SealedBatchCodec.encode(envelopes),
            false,
            new OutgoingMessage.Properties(
                SealedBatchCodec.CONTENT_TYPE, new Topic.Reply(address).render(), null, EXPIRY));
    CompletableFuture<Void> _ =
        connection
            .publish(message)
            .handle((delivery, failure) -> {
              if (failure != null) {
                fail("the broker did not take requests: " + failure.getMessage());
              } else if (delivery == Delivery.NO_SUBSCRIBER) {
                fail("the worker is gone");
              }
              return null;
            });
  }

  private synchronized void replied(IncomingMessage message) {
    message.acknowledge();
    try {
      List<byte[]> envelopes = SealedBatchCodec.payloads(message.contentType(), message.payload());
      for (byte[] envelope : envelopes) {
        take(opener.open(envelope));
      }
      if (asking) {
        ask(envelopes.size());
      }
      completeIfIdle();
    } catch (MalformedMessageException | SealException e) {
      fail("a reply that cannot be read: " + e.getMessage());
    }
  }

  private void take(ClassificationReply reply) {
    Long sequence = onTheirWay.remove(reply.requestId());
    if (sequence == null) {
      fail("a reply to nothing that was asked: " + reply.requestId());
      return;
    }
    switch (reply.outcome()) {
      case ClassificationReply.Answer answer -> {
        answered++;
        Candidate top = answer.top().getFirst();
        if (!expected.agree(camera, sequence, top.label(), top.probability())) {
          wrong++;
        }
      }
      case ClassificationReply.Refusal refusal -> fail("a worker refused: " + refusal.detail());
    }
  }

  private void completeIfIdle() {
    if (onTheirWay.isEmpty()) {
      idle.complete(null);
    }
  }

  private void fail(String problem) {
    failed.completeExceptionally(new IllegalStateException(address + ": " + problem));
  }

  @Override
  public void close() {
    connection.close();
    requestKey.close();
    replyKey.close();
  }

  private final class Link implements ConnectionListener {
    @Override
    public void connected() {
      if (!connected.complete(null)) {
        fail("the connection was lost");
      }
    }

    @Override
    public void disconnected(String reason) {
      fail(reason);
    }
  }
}
