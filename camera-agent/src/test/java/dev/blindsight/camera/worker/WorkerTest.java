package dev.blindsight.camera.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReply.Answer;
import dev.blindsight.protocol.message.ClassificationReply.Refusal;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.ReadoutPayload;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.message.RefusalReason;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(BrokerKind.class)
class WorkerTest {
  private static final DeviceAddress DEVICE = new DeviceAddress("site", "device");
  private static final SpecId SPEC = LinearModel.spec28().id();

  @Parameter BrokerKind kind;

  private TestBroker broker;
  private Model model;
  private Worker worker;
  private TestClient device;

  @BeforeEach
  void start() throws Exception {
    broker = kind.start();
    model = LinearModel.grey28("m").load();
    worker = started("first");
    device = TestClient.connected(broker.address(), new Topic.Reply(DEVICE).render());
  }

  private Worker started(String name) throws Exception {
    Worker started =
        Worker.start(
            new WorkerSetup(
                name,
                broker.address(),
                null,
                List.of(model),
                1,
                BatchSettings.STANDARD,
                Admission.plain()));
    started.ready().get(20, TimeUnit.SECONDS);
    return started;
  }

  @AfterEach
  void stop() {
    if (broker != null) {
      device.close();
      worker.close();
      model.close();
      broker.close();
    }
  }

  @Test
  void request_knownModel_isAnsweredWithTheModelsLabels() throws Exception {
    byte[] values = values(1);
    send(request("r1", "m", SPEC, new ReadoutPayload.Plain(values)));

    IncomingMessage message = device.awaitMessage();
    ClassificationReply reply = ClassificationReplyCodec.decode(message.payload());

    assertThat(message.correlationData()).isEqualTo("r1".getBytes(StandardCharsets.US_ASCII));
    assertThat(reply.requestId()).isEqualTo("r1");
    assertThat(reply.modelId()).isEqualTo("m");
    assertThat(reply.worker()).isEqualTo("first");
    Answer answer = (Answer) reply.outcome();
    var expected = model.infer(values).classification();
    assertThat(answer.top()).hasSize(10);
    assertThat(answer.top().getFirst().label()).isEqualTo(expected.top().label());
    assertThat(answer.top().getFirst().probability())
        .isCloseTo(expected.top().probability(), within(1e-6));
  }

  @Test
  void request_repeatedId_getsTheSameAnswerWithoutASecondInference() throws Exception {
    send(request("r1", "m", SPEC, new ReadoutPayload.Plain(values(1))));
    ClassificationReply first = reply();

    // Another readout under the same id: the answer shows that nobody looked at it.
    send(request("r1", "m", SPEC, new ReadoutPayload.Plain(values(2))));

    assertThat(reply()).isEqualTo(first);
    assertThat(worker.counters()).isEqualTo(new WorkerCounters(2, 1, 0, 1, 0, Map.of()));
  }

  @Test
  void request_sameIdOfAnotherDevice_isAnotherRequest() throws Exception {
    DeviceAddress other = new DeviceAddress("site", "other");
    try (TestClient second =
        TestClient.connected(broker.address(), new Topic.Reply(other).render())) {
      send(request("r1", "m", SPEC, new ReadoutPayload.Plain(values(1))));
      ClassificationReply first = reply();
      send(
          second,
          other,
          new Topic.Reply(other).render(),
          ReadoutRequestCodec.encode(
              new ReadoutRequest(
                  "r1",
                  other,
                  0,
                  Instant.EPOCH,
                  SPEC,
                  GuaranteeLevel.ADDRESSED,
                  "m",
                  new ReadoutPayload.Plain(values(2)))));

      ClassificationReply answer = ClassificationReplyCodec.decode(second.awaitMessage().payload());
      assertThat(answer.outcome()).isNotEqualTo(first.outcome());
      assertThat(worker.counters().answered()).isEqualTo(2);
    }
  }

  @Test
  void request_unknownModel_isRefused() throws Exception {
    send(request("r1", "other", SPEC, new ReadoutPayload.Plain(values(1))));

    assertThat(refusal().reason()).isEqualTo(RefusalReason.UNKNOWN_MODEL);
  }

  @Test
  void request_anotherSpec_isRefusedWithBothSpecs() throws Exception {
    SpecId other = ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, false).id();
    send(request("r1", "m", other, new ReadoutPayload.Plain(values(1))));

    Refusal refusal = refusal();
    assertThat(refusal.reason()).isEqualTo(RefusalReason.SPEC_MISMATCH);
    assertThat(refusal.detail()).contains(SPEC.abbreviated(), other.abbreviated());
  }

  @Test
  void request_wrongLength_isRefusedWithBothLengths() throws Exception {
    send(request("r1", "m", SPEC, new ReadoutPayload.Plain(new byte[77])));

    Refusal refusal = refusal();
    assertThat(refusal.reason()).isEqualTo(RefusalReason.SPEC_MISMATCH);
    assertThat(refusal.detail()).isEqualTo("model m takes 78 bytes, the readout has 77");
  }

  @Test
  void request_refusedOnce_isLookedAtAgain() throws Exception {
    send(request("r1", "other", SPEC, new ReadoutPayload.Plain(values(1))));
    refusal();

    send(request("r1", "m", SPEC, new ReadoutPayload.Plain(values(1))));

    assertThat(reply().outcome()).isInstanceOf(Answer.class);
  }

  @Test
  void messages_thatCannotBeAnswered_areDroppedAndTheNextIsAnswered() throws Exception {
    byte[] good =
        ReadoutRequestCodec.encode(request("r1", "m", SPEC, new ReadoutPayload.Plain(values(1))));
    DeviceAddress other = new DeviceAddress("site", "other");
    send(device, DEVICE, new Topic.Reply(DEVICE).render(), new byte[] {1, 2, 3});
    send(device, DEVICE, new Topic.Reply(DEVICE).render(), new byte[0]);
    send(device, DEVICE, null, good);
    send(device, DEVICE, new Topic.Reply(other).render(), good);
    send(device, DEVICE, "anything/else", good);
    send(device, other, new Topic.Reply(other).render(), good);

    send(request("r2", "m", SPEC, new ReadoutPayload.Plain(values(2))));

    assertThat(reply().requestId()).isEqualTo("r2");
    assertThat(worker.counters().answered()).isEqualTo(1);
    assertThat(worker.counters().dropped()).isEqualTo(6);
  }

  @Test
  void workers_two_shareTheRequestsAndAnswerEachOnce() throws Exception {
    int requests = 200;
    try (Worker second = started("second")) {
      for (int i = 0; i < requests; i++) {
        send(request("r" + i, "m", SPEC, new ReadoutPayload.Plain(values(i))));
      }
      Set<String> answered = new HashSet<>();
      for (int i = 0; i < requests; i++) {
        answered.add(reply().requestId());
      }

      assertThat(answered).hasSize(requests);
      assertThat(worker.counters().answered() + second.counters().answered()).isEqualTo(requests);
      assertThat(worker.counters().answered()).isPositive();
      assertThat(second.counters().answered()).isPositive();
    }
  }

  @Test
  void worker_brokerKilledAndBack_answersAgain() throws Exception {
    broker.kill();
    broker.restart();
    device.awaitConnected();

    // The worker comes back in its own time: until then requests are lost, and repeated.
    CompletableFuture<IncomingMessage> reply =
        CompletableFuture.supplyAsync(() -> {
          try {
            return device.awaitMessage();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    ReadoutRequest request = request("r1", "m", SPEC, new ReadoutPayload.Plain(values(1)));
    while (!reply.isDone()) {
      send(request);
      await(reply);
    }

    assertThat(ClassificationReplyCodec.decode(reply.get().payload()).outcome())
        .isInstanceOf(Answer.class);
  }

  private static void await(CompletableFuture<IncomingMessage> reply) {
    reply.copy().completeOnTimeout(null, 100, TimeUnit.MILLISECONDS).join();
  }

  @Test
  void start_twoModelsOfOneName_isRefused() {
    try (Model twin = LinearModel.grey28("m").load()) {
      assertThatThrownBy(() ->
              Worker.start(
                  new WorkerSetup(
                      "x",
                      broker.address(),
                      null,
                      List.of(model, twin),
                      1,
                      BatchSettings.STANDARD,
                      Admission.plain())))
          .isInstanceOf(UserError.class)
          .hasMessage("two models are named m: give each name once");
    }
  }

  private static ReadoutRequest request(
      String id, String modelId, SpecId spec, ReadoutPayload payload) {
    return new ReadoutRequest(
        id, DEVICE, 0, Instant.EPOCH, spec, GuaranteeLevel.ADDRESSED, modelId, payload);
  }

  private void send(ReadoutRequest request) {
    OutgoingMessage.Properties properties =
        new OutgoingMessage.Properties(
            ReadoutRequest.CONTENT_TYPE,
            new Topic.Reply(DEVICE).render(),
            request.requestId().getBytes(StandardCharsets.US_ASCII),
            null);
    CompletableFuture<?> _ =
        device
            .connection()
            .publish(
                new OutgoingMessage(
                    new Topic.Readout(DEVICE).render(),
                    ReadoutRequestCodec.encode(request),
                    false,
                    properties));
  }

  private static void send(
      TestClient client, DeviceAddress topic, @Nullable String responseTopic, byte[] payload) {
    CompletableFuture<?> _ =
        client
            .connection()
            .publish(
                new OutgoingMessage(
                    new Topic.Readout(topic).render(),
                    payload,
                    false,
                    new OutgoingMessage.Properties(null, responseTopic, null, null)));
  }

  private ClassificationReply reply() throws Exception {
    return ClassificationReplyCodec.decode(device.awaitMessage().payload());
  }

  private Refusal refusal() throws Exception {
    return (Refusal) reply().outcome();
  }

  private static byte[] values(long seed) {
    byte[] values = new byte[78];
    new Random(seed).nextBytes(values);
    return values;
  }
}
