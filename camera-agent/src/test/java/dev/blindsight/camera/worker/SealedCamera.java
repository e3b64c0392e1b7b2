package dev.blindsight.camera.worker;

import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.keys.SealKeys;
import dev.blindsight.protocol.keys.SealPurpose;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutPayload;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.ReplyOpener;
import dev.blindsight.protocol.seal.RequestSealer;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.seal.SealedContent;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;

/** A device that seals what it asks and opens what it is answered, by hand. */
final class SealedCamera implements AutoCloseable {
  static final int EPOCH = 1;

  private final DeviceAddress address;
  private final DeviceSecret secret;
  private final RequestSealer sealer;
  private final ReplyOpener opener;
  private final TestClient client;
  private final Map<String, ClassificationReply> answers = new HashMap<>();
  private long sequence;

  private SealedCamera(DeviceAddress address, DeviceSecret secret, TestClient client) {
    this.address = address;
    this.secret = secret;
    this.client = client;
    this.sealer =
        new RequestSealer(
            SealKeys.derive(secret, SealPurpose.REQUEST, address, EPOCH), address, EPOCH, 7);
    this.opener =
        new ReplyOpener(
            epoch -> Optional.of(SealKeys.derive(secret, SealPurpose.REPLY, address, epoch)),
            address);
  }

  static SealedCamera connected(BrokerAddress broker, DeviceAddress address)
      throws InterruptedException {
    byte[] secret = new byte[DeviceSecret.BYTES];
    new Random(address.hashCode()).nextBytes(secret);
    return new SealedCamera(
        address,
        DeviceSecret.of(secret),
        TestClient.connected(broker, new Topic.Reply(address).render()));
  }

  DeviceAddress address() {
    return address;
  }

  DeviceGrant grant(DeviceGrant.Translation... translations) {
    return DeviceGrant.of(
        address,
        List.of(DeviceGrant.EpochKeys.derive(secret, address, EPOCH)),
        List.of(translations));
  }

  ReadoutRequest request(String id, String model, SpecId spec, byte[] values) {
    return new ReadoutRequest(
        id,
        address,
        0,
        Instant.EPOCH,
        spec,
        GuaranteeLevel.ADDRESSED,
        model,
        new ReadoutPayload.Plain(values));
  }

  /** An envelope of its own for a transmission. */
  byte[] seal(ReadoutRequest request, Instant sentAt) {
    sequence++;
    return sealer.seal(request, sequence, sentAt);
  }

  void ask(ReadoutRequest request) {
    send(seal(request, Instant.now()));
  }

  void send(byte[] envelope) {
    send(SealedContent.TYPE, envelope);
  }

  void send(String contentType, byte[] payload) {
    CompletableFuture<?> _ =
        client
            .connection()
            .publish(
                new OutgoingMessage(
                    new Topic.Readout(address).render(),
                    payload,
                    false,
                    new OutgoingMessage.Properties(
                        contentType, new Topic.Reply(address).render(), new byte[] {1}, null)));
  }

  /** The next message on its reply topic. */
  IncomingMessage awaitMessage() throws InterruptedException {
    return client.awaitMessage();
  }

  /**
   * Asks a number of questions, each again until it is answered, as an agent does.
   *
   * @param window how many wait for their answer at most
   * @param resend after which a question is asked again
   * @param answered told how many are answered, after each
   * @return how many answers came to questions that had one
   */
  int askAll(List<ReadoutRequest> requests, int window, Duration resend, IntConsumer answered)
      throws InterruptedException, SealException {
    Queue<ReadoutRequest> later = new ArrayDeque<>(requests);
    Map<String, ReadoutRequest> open = new LinkedHashMap<>();
    Map<String, Long> sent = new HashMap<>();
    int duplicates = 0;
    while (!later.isEmpty() || !open.isEmpty()) {
      while (open.size() < window && !later.isEmpty()) {
        ReadoutRequest next = later.remove();
        open.put(next.requestId(), next);
      }
      for (ReadoutRequest request : open.values()) {
        Long before = sent.get(request.requestId());
        if (before == null || System.nanoTime() - before > resend.toNanos()) {
          sent.put(request.requestId(), System.nanoTime());
          ask(request);
        }
      }
      Optional<IncomingMessage> message = client.pollMessage(resend);
      if (message.isPresent()) {
        ClassificationReply reply = opener.open(message.get().payload());
        answers.put(reply.requestId(), reply);
        duplicates += open.remove(reply.requestId()) == null ? 1 : 0;
        answered.accept(requests.size() - later.size() - open.size());
      }
    }
    return duplicates;
  }

  /** The answers to all questions so far, by request id. */
  Map<String, ClassificationReply> answers() {
    return Map.copyOf(answers);
  }

  /** The next message on its reply topic, which must be sealed. */
  ClassificationReply awaitReply() throws InterruptedException, SealException {
    IncomingMessage message = awaitMessage();
    if (!SealedContent.TYPE.equals(message.contentType())) {
      throw new AssertionError("a reply of type " + message.contentType());
    }
    return opener.open(message.payload());
  }

  /** The next message on its reply topic, which must be a batch: its replies in order. */
  List<ClassificationReply> awaitReplies()
      throws InterruptedException, MalformedMessageException, SealException {
    IncomingMessage message = awaitMessage();
    if (!SealedBatchCodec.CONTENT_TYPE.equals(message.contentType())) {
      throw new AssertionError("replies of type " + message.contentType());
    }
    List<ClassificationReply> replies = new ArrayList<>();
    for (byte[] envelope : SealedBatchCodec.decode(message.payload())) {
      replies.add(opener.open(envelope));
    }
    return replies;
  }

  @Override
  public void close() {
    client.close();
  }
}
