package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.camera.worker.Admission;
import dev.blindsight.camera.worker.BatchSettings;
import dev.blindsight.camera.worker.Worker;
import dev.blindsight.camera.worker.WorkerSetup;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.ReadoutPayload;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.RefusalReason;
import dev.blindsight.protocol.message.ResultMessage;
import dev.blindsight.protocol.message.ResultMessage.Source;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an agent does when workers answer, or do not. The broker's kind makes no difference here.
 */
class RemoteAgentTest {
  private static final DeviceAddress DEVICE = new DeviceAddress("site", "hall");
  private static final ReadoutSpec SPEC = LinearModel.spec28();
  private static final String PICTURES = "simulated:fashion-mnist-400";
  private static final RemoteSettings PATIENT = settings(200, 60_000, 8, 0.5);
  private static final RemoteSettings IMPATIENT = settings(20, 60, 8, 1);

  @TempDir Path state;
  private final Recorder recorder = new Recorder();
  private TestBroker broker;
  private Model model;

  @BeforeEach
  void start() {
    broker = BrokerKind.MOSQUITTO.start();
    model = LinearModel.grey28("m").load();
  }

  @AfterEach
  void stop() {
    if (broker != null) {
      broker.close();
      model.close();
    }
  }

  @Test
  void auto_surelyRecognised_isAnsweredHere() throws Exception {
    try (Worker _ = worker();
        Agent agent =
            agent(PICTURES + "?count=10", model, Route.AUTO, settings(200, 60_000, 8, 0))) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.local()).isEqualTo(10);
    }
    assertThat(recorder.observations()).noneMatch(Observation::fallback);
  }

  @Test
  void auto_notSure_isAnsweredByTheWorkerAlone() throws Exception {
    try (Worker _ = worker();
        Agent agent =
            agent(PICTURES + "?count=10", model, Route.AUTO, settings(200, 60_000, 8, 1))) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.remote()).isEqualTo(10);
      assertThat(counters.answered()).isEqualTo(10);
    }
  }

  @Test
  void auto_withoutModel_isAnsweredByTheWorker() throws Exception {
    try (Worker _ = worker();
        Agent agent =
            agent(PICTURES + "?count=10", null, Route.AUTO, settings(200, 60_000, 8, 0))) {
      assertThat(agent.finished().get(30, TimeUnit.SECONDS).remote()).isEqualTo(10);
    }
  }

  @Test
  void auto_notSureAndNoWorker_publishesTheOwnAnswerAsFallback() throws Exception {
    try (TestClient watcher =
            TestClient.connected(broker.address(), new Topic.Result(DEVICE).render());
        Agent agent = agent(PICTURES + "?count=5", model, Route.AUTO, IMPATIENT)) {
      assertThat(agent.finished().get(30, TimeUnit.SECONDS).local()).isEqualTo(5);

      ResultMessage result = ResultMessage.parse(watcher.awaitText());
      assertThat(result.source()).isEqualTo(Source.LOCAL);
      assertThat(result.fallback()).isTrue();
    }
  }

  @Test
  void remote_workerWithoutTheModel_showsTheCauseInStatusAndDiagnostics() throws Exception {
    RemoteSettings other = new RemoteSettings("another", null, null, null, null, null, null);
    try (TestClient diagnostics =
            TestClient.connected(broker.address(), new Topic.Diagnostics(DEVICE).render());
        TestClient status =
            TestClient.connected(broker.address(), new Topic.Status(DEVICE).render());
        Worker _ = worker();
        Agent _ =
            agent(
                PICTURES + "?loop=true",
                model,
                Route.REMOTE,
                other,
                SpoolSettings.STANDARD,
                Duration.ofMillis(20))) {
      String told = diagnostics.awaitText();
      while (!told.contains("\"problem\"")) {
        told = diagnostics.awaitText();
      }
      assertThat(told).contains("a worker refuses: ");
      IncomingMessage shown = status.awaitMessage();
      while (!shown.userProperties().containsKey("problem")) {
        shown = status.awaitMessage();
      }
      assertThat(shown.userProperties().get("problem")).startsWith("a worker refuses: ");
    }
  }

  @Test
  void remote_noWorkerAnywhere_showsSoUntilOneAnswers() throws Exception {
    try (TestClient status =
            TestClient.connected(broker.address(), new Topic.Status(DEVICE).render());
        Agent agent = agent(PICTURES + "?count=3", null, Route.REMOTE, PATIENT)) {
      IncomingMessage shown = status.awaitMessage();
      while (!shown.userProperties().containsKey("problem")) {
        shown = status.awaitMessage();
      }
      assertThat(shown.userProperties().get("problem")).startsWith("no worker is connected");

      try (Worker _ = worker()) {
        while (shown.userProperties().containsKey("problem")) {
          shown = status.awaitMessage();
        }
        assertThat(agent.finished().get(30, TimeUnit.SECONDS).remote()).isEqualTo(3);
      }
    }
  }

  @Test
  void remote_spoolFull_isRefusedCountedAndShown() throws Exception {
    SpoolSettings tiny = new SpoolSettings(1L << 20, null, null, null, null);
    try (TestClient diagnostics =
            TestClient.connected(broker.address(), new Topic.Diagnostics(DEVICE).render());
        Agent agent =
            agent(
                PICTURES + "?loop=true", null, Route.REMOTE, PATIENT, tiny, Duration.ofNanos(1))) {
      awaitText(diagnostics, "the spool is full");
      assertThat(agent.counters().refused()).isPositive();
      assertThat(agent.counters().lost()).isPositive();
    }
  }

  @Test
  void remote_noWorkerAndNoModel_expiresAndIsCountedAsLost() throws Exception {
    try (Agent agent =
        agent(
            PICTURES + "?count=10",
            null,
            Route.REMOTE,
            settings(20, 60, 16, 0),
            new SpoolSettings(null, 1, null, null, null),
            Duration.ZERO)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.readouts()).isEqualTo(10);
      assertThat(counters.answered()).isZero();
      assertThat(counters.lost()).isEqualTo(10);
      assertThat(counters.expired()).isEqualTo(10);
      assertThat(counters.resent()).isPositive();
    }
  }

  @Test
  void start_stateOfARunningAgent_isRefused() {
    try (Agent _ = agent(PICTURES + "?loop=true", null, Route.REMOTE, PATIENT)) {
      assertThatThrownBy(() -> agent(PICTURES, null, Route.REMOTE, PATIENT))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("is in use by another agent");
    }
  }

  @Test
  void remote_agentRestarted_asksWhatItHadNotBeenAnswered() throws Exception {
    try (Agent agent =
        agent(
            PICTURES + "?count=8",
            null,
            Route.REMOTE,
            PATIENT,
            SpoolSettings.STANDARD,
            Duration.ofMillis(1))) {
      recorder.awaitSpooled(8);
      assertThat(agent.counters().answered()).isZero();
    }
    try (TestClient watcher =
            TestClient.connected(broker.address(), new Topic.Result(DEVICE).render());
        Worker _ = worker();
        Agent agent = agent(PICTURES + "?count=1", null, Route.REMOTE, PATIENT)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.readouts()).isEqualTo(1);
      assertThat(counters.remote()).isEqualTo(9);
      assertThat(counters.lost()).isZero();
      assertThat(sequences()).containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 0L);
      List<Long> published = new ArrayList<>();
      while (published.size() < 9) {
        published.add(ResultMessage.parse(watcher.awaitText()).sequence());
      }
      assertThat(published).containsExactlyInAnyOrderElementsOf(sequences());
    }
  }

  @Test
  void sealed_request_showsNobodyItsValues() throws Exception {
    try (TestWorker worker = new TestWorker(broker.address(), grant(1), RemoteAgentTest::three);
        Agent agent = sealedAgent(PICTURES + "?count=5", null, 1)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.remote()).isEqualTo(5);
      assertThat(counters.rejected()).isZero();
      for (int i = 0; i < 5; i++) {
        byte[] values = values(worker.requests().get(i));
        assertThat(text(worker.payloads().get(i)))
            .doesNotContain(text(Arrays.copyOf(values, 16)))
            .startsWith("BSE");
      }
    }
  }

  @Test
  void sealed_requestSentAgain_isSealedAnewUnderTheSameId() throws Exception {
    try (TestWorker worker =
            new TestWorker(
                broker.address(),
                grant(1),
                (request, first) -> first ? List.of() : three(request, false));
        Agent agent = sealedAgent(PICTURES + "?count=2", null, 1)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.remote()).isEqualTo(2);
      assertThat(counters.resent()).isGreaterThanOrEqualTo(2);
      assertThat(worker.requestIds()).hasSize(2);
      assertThat(worker.payloads()).doesNotHaveDuplicates();
    }
  }

  @Test
  void sealed_spool_holdsNoValuesInClearAndIsReadAfterAChangeOfEpoch() throws Exception {
    try (Agent _ = sealedAgent(PICTURES + "?count=3", null, 1)) {
      recorder.awaitSpooled(3);
    }
    String spooled = text(Files.readAllBytes(segment()));

    try (TestWorker worker = new TestWorker(broker.address(), grant(2), RemoteAgentTest::three);
        Agent agent = sealedAgent(PICTURES + "?count=1", null, 2)) {
      assertThat(agent.finished().get(30, TimeUnit.SECONDS).remote()).isEqualTo(4);

      for (ReadoutRequest request : worker.requests()) {
        assertThat(spooled).doesNotContain(text(Arrays.copyOf(values(request), 16)));
      }
    }
  }

  @Test
  void sealed_unsealedMessagesOnTheReplyTopic_areNotObeyed() throws Exception {
    try (TestClient stranger = TestClient.connected(broker.address());
        TestWorker worker = new TestWorker(broker.address(), grant(1), (_, _) -> List.of());
        TestClient diagnostics =
            TestClient.connected(broker.address(), new Topic.Diagnostics(DEVICE).render());
        Agent agent = sealedAgent(PICTURES + "?count=1", null, 1)) {
      worker.await(told -> !told.requests().isEmpty());
      ReadoutRequest request = worker.requests().getFirst();
      for (ClassificationReply.Outcome outcome :
          List.of(
              TestWorker.answer("wrong"),
              TestWorker.refusal(RefusalReason.UNKNOWN_MODEL, "forged"),
              TestWorker.refusal(RefusalReason.NOT_ADMITTED, "no key of this device"))) {
        byte[] payload =
            ClassificationReplyCodec.encode(
                new ClassificationReply(
                    request.requestId(), request.modelId(), "forger", Duration.ZERO, outcome));
        stranger
            .connection()
            .publish(OutgoingMessage.of(new Topic.Reply(DEVICE).render(), payload, false))
            .get(10, TimeUnit.SECONDS);
      }

      awaitText(diagnostics, "no key of this device");
      assertThat(agent.counters().answered()).isZero();
      assertThat(agent.counters().lost()).isZero();
      assertThat(agent.counters().rejected()).isEqualTo(1);
      assertThat(recorder.observations()).isEmpty();
    }
  }

  @Test
  void sealed_refusedForTheClock_isShownAndAskedAgain() throws Exception {
    try (TestClient diagnostics =
            TestClient.connected(broker.address(), new Topic.Diagnostics(DEVICE).render());
        TestWorker _ =
            new TestWorker(
                broker.address(),
                grant(1),
                (request, first) ->
                    first
                        ? List.of(
                            TestWorker.refusal(RefusalReason.CLOCK, "the clock is off by 3600 s"))
                        : List.of());
        Agent agent = sealedAgent(PICTURES + "?count=1", null, 1)) {
      awaitText(diagnostics, "the clock is off by 3600 s");

      assertThat(agent.counters().lost()).isZero();
      assertThat(agent.finished()).isNotDone();
    }
  }

  @Test
  void sealed_refusedForTheModel_isAnsweredHere() throws Exception {
    try (TestWorker _ =
            new TestWorker(
                broker.address(),
                grant(1),
                (_, _) -> List.of(TestWorker.refusal(RefusalReason.UNKNOWN_MODEL, "not here")));
        Agent agent = sealedAgent(PICTURES + "?count=3", model, 1)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.local()).isEqualTo(3);
    }
    assertThat(recorder.observations()).allMatch(Observation::fallback);
  }

  private static List<ClassificationReply.Outcome> three(ReadoutRequest request, boolean first) {
    return List.of(TestWorker.answer("3"));
  }

  private static byte[] values(ReadoutRequest request) {
    return ((ReadoutPayload.Plain) request.payload()).values();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private Path segment() throws IOException {
    try (Stream<Path> files = Files.list(state.resolve("spool"))) {
      return files.filter(file -> file.toString().endsWith(".spool")).findFirst().orElseThrow();
    }
  }

  private static void awaitText(TestClient client, String wanted) throws InterruptedException {
    String text = client.awaitText();
    while (!text.contains(wanted)) {
      text = client.awaitText();
    }
  }

  private static DeviceSecret secret() {
    return DeviceSecret.of(new byte[DeviceSecret.BYTES]);
  }

  private static DeviceGrant grant(int epoch) {
    try (DeviceSecret secret = secret()) {
      return DeviceGrant.of(
          DEVICE, List.of(DeviceGrant.EpochKeys.derive(secret, DEVICE, epoch)), List.of());
    }
  }

  private List<Long> sequences() {
    return recorder.observations().stream().map(Observation::sequence).toList();
  }

  private Worker worker() throws Exception {
    Worker worker =
        Worker.start(
            new WorkerSetup(
                "worker",
                broker.address(),
                null,
                List.of(model),
                2,
                BatchSettings.STANDARD,
                Admission.plain()));
    worker.ready().get(20, TimeUnit.SECONDS);
    return worker;
  }

  private Agent agent(String source, @Nullable Model local, Route route, RemoteSettings remote) {
    return agent(source, local, route, remote, SpoolSettings.STANDARD, Duration.ZERO);
  }

  private Agent agent(
      String source,
      @Nullable Model local,
      Route route,
      RemoteSettings remote,
      SpoolSettings spool,
      Duration interval) {
    return agent(source, local, route, remote, spool, RemoteChannel.plain(state), interval);
  }

  private Agent sealedAgent(String source, @Nullable Model local, int epoch) {
    try (DeviceSecret secret = secret()) {
      RemoteChannel channel =
          RemoteChannel.sealed(secret, DEVICE, epoch, state, InstantSource.system());
      // At a pace of its own, so that capture does not wait for room in the window.
      return agent(
          source,
          local,
          Route.REMOTE,
          PATIENT,
          SpoolSettings.STANDARD,
          channel,
          Duration.ofMillis(1));
    }
  }

  private Agent agent(
      String source,
      @Nullable Model local,
      Route route,
      RemoteSettings remote,
      SpoolSettings spool,
      RemoteChannel channel,
      Duration interval) {
    AgentSetup setup =
        new AgentSetup(
            DEVICE,
            ReadoutSensors.open(SensorSource.parse(source), SPEC, DEVICE.device()),
            SPEC,
            local,
            route,
            remote,
            spool,
            channel,
            broker.address(),
            null,
            TestClient.QUICKLY,
            interval,
            null,
            null,
            Long.MAX_VALUE);
    return Agent.start(setup, List.of(recorder));
  }

  private static RemoteSettings settings(
      int resendMillis, int deadlineMillis, int window, double margin) {
    return new RemoteSettings("m", resendMillis, deadlineMillis, window, margin, null, null);
  }
}
