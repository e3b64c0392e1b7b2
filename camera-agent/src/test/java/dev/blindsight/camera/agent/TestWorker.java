package dev.blindsight.camera.agent;

import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReply.Outcome;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.message.RefusalReason;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.Freshness;
import dev.blindsight.protocol.seal.OpenedRequest;
import dev.blindsight.protocol.seal.ReplySealer;
import dev.blindsight.protocol.seal.RequestOpener;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.topic.TopicFilter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A worker whose replies a test chooses. */
final class TestWorker implements AutoCloseable {
  private final @Nullable DeviceGrant grant;
  private final Replies replies;
  private final Set<String> ids = new HashSet<>();
  private final List<byte[]> payloads = new ArrayList<>();
  private final List<ReadoutRequest> requests = new ArrayList<>();
  private final TestClient client;
  private final Thread thread;

  /** What a worker replies to a request. */
  @FunctionalInterface
  interface Replies {
    /**
     * @param first whether this request is seen for the first time
     * @return one reply for each, in order
     */
    List<Outcome> to(ReadoutRequest request, boolean first);
  }

  /**
   * @param grant of the device whose sealed requests it opens; absent, requests are plain
   */
  TestWorker(BrokerAddress broker, @Nullable DeviceGrant grant, Replies replies)
      throws InterruptedException {
    this.grant = grant;
    this.replies = replies;
    this.client = TestClient.connected(broker, TopicFilter.workers().expression());
    this.thread = Thread.ofVirtual().start(this::serve);
  }

  /** Answers every plain request so many times. */
  static TestWorker answering(BrokerAddress broker, int times) throws InterruptedException {
    List<Outcome> answers = Collections.nCopies(times, answer("3"));
    return new TestWorker(broker, null, (_, _) -> answers);
  }

  /** Is overloaded when it first sees a plain request. */
  static TestWorker overloadedAtFirst(BrokerAddress broker) throws InterruptedException {
    return new TestWorker(
        broker,
        null,
        (_, first) -> List.of(first ? refusal(RefusalReason.OVERLOADED, "later") : answer("3")));
  }

  static Outcome answer(String label) {
    return new ClassificationReply.Answer(List.of(new Candidate(label, 1)));
  }

  static Outcome refusal(RefusalReason reason, String detail) {
    return new ClassificationReply.Refusal(reason, detail);
  }

  synchronized Set<String> requestIds() {
    return Set.copyOf(ids);
  }

  /** All that arrived, as it arrived; of a batch each by itself. */
  synchronized List<byte[]> payloads() {
    return List.copyOf(payloads);
  }

  synchronized List<ReadoutRequest> requests() {
    return List.copyOf(requests);
  }

  /** Waits until what arrived fulfils a condition. */
  synchronized void await(Predicate<TestWorker> condition) throws InterruptedException {
    while (!condition.test(this)) {
      wait(30_000);
    }
  }

  private void serve() {
    try {
      RequestOpener opener =
          new RequestOpener(
              _ -> Optional.ofNullable(grant), Freshness.STANDARD, InstantSource.system());
      while (true) {
        IncomingMessage message = client.awaitMessage();
        if (grant == null) {
          ReadoutRequest request = ReadoutRequestCodec.decode(message.payload());
          for (Outcome outcome : outcomes(message.payload(), request)) {
            reply(message, ClassificationReplyCodec.encode(reply(request, outcome)));
          }
        } else {
          for (byte[] envelope :
              SealedBatchCodec.payloads(message.contentType(), message.payload())) {
            OpenedRequest opened = opener.open(grant.address(), envelope);
            for (Outcome outcome : outcomes(envelope, opened.request())) {
              reply(message, sealed(opened, reply(opened.request(), outcome)));
            }
          }
        }
      }
    } catch (InterruptedException _) {
      // The test is over.
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized List<Outcome> outcomes(byte[] payload, ReadoutRequest request) {
    boolean first = ids.add(request.requestId());
    payloads.add(payload);
    requests.add(request);
    notifyAll();
    return replies.to(request, first);
  }

  private static ClassificationReply reply(ReadoutRequest request, Outcome outcome) {
    return new ClassificationReply(
        request.requestId(), request.modelId(), "test", Duration.ZERO, outcome);
  }

  private byte[] sealed(OpenedRequest opened, ClassificationReply reply) throws SealException {
    return new ReplySealer(_ -> Optional.ofNullable(grant)).seal(opened, reply);
  }

  private void reply(IncomingMessage message, byte[] payload) {
    CompletableFuture<?> _ =
        client
            .connection()
            .publish(OutgoingMessage.of(String.valueOf(message.responseTopic()), payload, false));
  }

  @Override
  public void close() {
    thread.interrupt();
    client.close();
  }
}
