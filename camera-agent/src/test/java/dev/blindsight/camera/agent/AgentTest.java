package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.Presence;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.camera.worker.BatchSettings;
import dev.blindsight.camera.worker.Worker;
import dev.blindsight.camera.worker.WorkerSetup;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.message.RefusalReason;
import dev.blindsight.protocol.message.ResultMessage;
import dev.blindsight.protocol.message.ResultMessage.Source;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import dev.blindsight.protocol.topic.TopicFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(BrokerKind.class)
class AgentTest {
  private static final DeviceAddress DEVICE = new DeviceAddress("site", "hall");
  private static final ReadoutSpec SPEC = LinearModel.spec28();
  private static final RemoteSettings PATIENT = plain("m", 200, 60_000);
  private static final SpoolSettings BRIEF = new SpoolSettings(null, 1, null, null, null);
  private static final String PICTURES = "simulated:fashion-mnist-400";

  @TempDir Path state;
  @Parameter BrokerKind kind;

  private final Recorder recorder = new Recorder();
  private TestBroker broker;
  private Model model;

  @BeforeEach
  void start() {
    broker = kind.start();
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
  void local_wholeSource_isAnsweredAndPublishedOnce() throws Exception {
    try (TestClient watcher =
            TestClient.connected(broker.address(), new Topic.Result(DEVICE).render());
        Agent agent = agent(PICTURES + "?count=50", model, Route.LOCAL, PATIENT)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.readouts()).isEqualTo(50);
      assertThat(counters.local()).isEqualTo(50);
      assertThat(counters.answered()).isEqualTo(50);
      assertThat(counters.lost()).isZero();
      assertThat(counters.labelled()).isEqualTo(50);
      Map<Long, ResultMessage> results = new HashMap<>();
      while (results.size() < 50) {
        ResultMessage result = ResultMessage.parse(watcher.awaitText());
        assertThat(results.put(result.sequence(), result)).isNull();
      }
      for (Observation observation : recorder.observations()) {
        ResultMessage result = results.get(observation.sequence());
        assertThat(result.label()).isEqualTo(observation.classification().top().label());
        assertThat(result.source()).isEqualTo(Source.LOCAL);
        assertThat(result.specId()).isEqualTo(SPEC.id());
      }
    }
  }

  @Test
  void observation_ofAnExposure_showsKeptValuesInClearAndAsSent() throws Exception {
    try (Agent agent = agent(PICTURES + "?count=3", model, Route.LOCAL, PATIENT)) {
      agent.finished().get(30, TimeUnit.SECONDS);
    }

    Observation first = recorder.observations().getFirst();
    assertThat(first.kept()).hasSize(78);
    for (int slot = 0; slot < 78; slot++) {
      int clear = Byte.toUnsignedInt(first.kept()[slot]);
      assertThat(Byte.toUnsignedInt(first.wire()[slot])).isEqualTo(SPEC.permutation().apply(clear));
    }
    assertThat(first.mask()).isEqualTo(SPEC.mask());
    assertThat(first.expected()).isEqualTo("9");
    assertThat(recorder.observations())
        .extracting(Observation::answered)
        .containsExactly(1L, 2L, 3L);
    assertThat(recorder.states())
        .containsExactly(AgentState.STARTING, AgentState.RUNNING, AgentState.STOPPED);
  }

  @Test
  void remote_wholeSource_givesTheLocalModelsAnswers() throws Exception {
    try (Worker _ = worker();
        Agent agent = agent(PICTURES + "?count=60", model, Route.REMOTE, PATIENT)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.remote()).isEqualTo(60);
      assertThat(counters.lost()).isZero();
      for (Observation observation : recorder.observations()) {
        assertThat(observation.classification().top().label())
            .isEqualTo(model.infer(observation.wire()).classification().top().label());
      }
    }
  }

  @Test
  void remote_withoutModelAndWorkerComesLate_waitsAndLosesNothing() throws Exception {
    try (Agent agent = agent(PICTURES + "?count=20", null, Route.REMOTE, PATIENT)) {
      recorder.awaitState(AgentState.RUNNING);
      try (Worker _ = worker()) {
        AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

        assertThat(counters.remote()).isEqualTo(20);
        assertThat(counters.lost()).isZero();
      }
    }
  }

  @Test
  void remote_noWorker_isAnsweredByTheModelOnTheDevice() throws Exception {
    RemoteSettings impatient = plain("m", 20, 60);
    try (Agent agent = agent(PICTURES + "?count=10", model, Route.REMOTE, impatient)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.local()).isEqualTo(10);
      assertThat(counters.remote()).isZero();
      assertThat(counters.lost()).isZero();
    }
    assertThat(recorder.observations()).allMatch(Observation::fallback);
  }

  @Test
  void remote_noWorkerAndNoModel_expiresAndIsCountedAsLost() throws Exception {
    try (Agent agent =
        start(setup(PICTURES + "?count=10", null, Route.REMOTE, plain("m", 20, 60), BRIEF))) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.readouts()).isEqualTo(10);
      assertThat(counters.answered()).isZero();
      assertThat(counters.lost()).isEqualTo(10);
      assertThat(counters.expired()).isEqualTo(10);
      assertThat(counters.resent()).isPositive();
    }
  }

  @Test
  void remote_workerWithoutTheModel_isAnsweredHereAtOnce() throws Exception {
    RemoteSettings other = plain("another", 10_000, 60_000);
    try (Worker worker = worker();
        Agent agent = agent(PICTURES + "?count=10", model, Route.REMOTE, other)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.local()).isEqualTo(10);
      assertThat(worker.counters().refused()).isEqualTo(10);
    }
  }

  @Test
  void remote_workerThatAnswersTwice_isCountedAndChangesNothing() throws Exception {
    RemoteSettings unhurried = plain("m", 50_000, 60_000);
    try (TestWorker _ = new TestWorker(2, false);
        Agent agent = agent(PICTURES + "?count=20", model, Route.REMOTE, unhurried)) {
      agent.finished().get(30, TimeUnit.SECONDS);
      // The last second replies may still be on their way when the source has ended.
      AgentCounters counters = agent.counters();

      assertThat(counters.remote()).isEqualTo(20);
      assertThat(counters.answered()).isEqualTo(20);
      assertThat(counters.duplicated()).isBetween(1L, 20L);
    }
  }

  @Test
  void remote_overloadedWorker_isAskedAgainUnderTheSameId() throws Exception {
    try (TestWorker worker = new TestWorker(1, true);
        Agent agent = agent(PICTURES + "?count=5", model, Route.REMOTE, PATIENT)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.remote()).isEqualTo(5);
      assertThat(worker.requestIds()).hasSize(5);
    }
  }

  @Test
  void remote_brokerKilledWhileRunning_goesOnHereAndComesBack() throws Exception {
    try (Worker _ = worker();
        Agent agent =
            agent(PICTURES + "?loop=true", model, Route.REMOTE, PATIENT, Duration.ofMillis(5))) {
      recorder.awaitMore(20, Source.REMOTE);

      broker.kill();
      recorder.awaitState(AgentState.DEGRADED);
      recorder.awaitMore(20, Source.LOCAL);

      broker.restart();
      recorder.awaitState(AgentState.RUNNING);
      recorder.awaitMore(20, Source.REMOTE);

      AgentCounters counters = agent.counters();
      assertThat(counters.lost()).isZero();
      assertThat(sequences()).doesNotHaveDuplicates();
    }
    assertThat(recorder.states())
        .containsExactly(
            AgentState.STARTING,
            AgentState.RUNNING,
            AgentState.DEGRADED,
            AgentState.RUNNING,
            AgentState.STOPPED);
    assertThat(sequences())
        .hasSize((int) (sequences().stream().mapToLong(x -> x).max().orElse(-1) + 1));
  }

  private List<Long> sequences() {
    return recorder.observations().stream().map(Observation::sequence).toList();
  }

  @Test
  void remote_brokerKilledWithoutModel_keepsEachRequestUntilItsReply() throws Exception {
    try (Worker _ = worker();
        Agent agent =
            agent(PICTURES + "?count=300", null, Route.REMOTE, PATIENT, Duration.ofMillis(5))) {
      recorder.awaitMore(50, Source.REMOTE);
      broker.kill();
      recorder.awaitState(AgentState.DEGRADED);
      broker.restart();

      AgentCounters counters = agent.finished().get(60, TimeUnit.SECONDS);

      assertThat(counters.remote()).isEqualTo(300);
      assertThat(counters.lost()).isZero();
      assertThat(new HashSet<>(sequences())).hasSize(300);
    }
  }

  @Test
  void local_noBrokerAtAll_answersAllTheSame() throws Exception {
    broker.kill();
    try (Agent agent = agent(PICTURES + "?count=30", model, Route.LOCAL, PATIENT)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.local()).isEqualTo(30);
    }
    assertThat(recorder.states())
        .containsExactly(AgentState.STARTING, AgentState.DEGRADED, AgentState.STOPPED);
  }

  @Test
  void status_agentComesAndGoes_isRetained() throws Exception {
    try (TestClient watcher =
        TestClient.connected(broker.address(), new Topic.Status(DEVICE).render())) {
      try (Agent _ =
          agent(PICTURES + "?loop=true", model, Route.LOCAL, PATIENT, Duration.ofMillis(50))) {
        assertThat(watcher.awaitText()).isEqualTo(Presence.ONLINE);
      }
      assertThat(watcher.awaitText()).isEqualTo(Presence.OFFLINE);
    }
  }

  @Test
  void diagnostics_onceConnected_tellStateGuaranteeAndCounters() throws Exception {
    try (TestClient watcher =
            TestClient.connected(broker.address(), new Topic.Diagnostics(DEVICE).render());
        Agent _ =
            agent(PICTURES + "?loop=true", model, Route.LOCAL, PATIENT, Duration.ofMillis(50))) {
      assertThat(watcher.awaitText())
          .startsWith("{\"state\":\"running\",\"guarantee\":\"addressed\",\"readouts\":")
          .contains("\"lost\":0", "\"spool_depth\":0");
    }
  }

  @Test
  void remote_agentRestarted_asksWhatItHadNotBeenAnswered() throws Exception {
    try (Agent agent =
        agent(PICTURES + "?count=8", null, Route.REMOTE, PATIENT, Duration.ofMillis(1))) {
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
  void start_stateOfARunningAgent_isRefused() {
    try (Agent _ = agent(PICTURES + "?loop=true", null, Route.REMOTE, PATIENT)) {
      assertThatThrownBy(() -> agent(PICTURES, null, Route.REMOTE, PATIENT))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("is in use by another agent");
    }
  }

  @Test
  void auto_surelyRecognised_isAnsweredHere() throws Exception {
    try (Worker _ = worker();
        Agent agent = agent(PICTURES + "?count=10", model, Route.AUTO, margin(0))) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.local()).isEqualTo(10);
    }
    assertThat(recorder.observations()).noneMatch(Observation::fallback);
  }

  @Test
  void auto_notSure_isAnsweredByTheWorkerAlone() throws Exception {
    try (Worker _ = worker();
        Agent agent = agent(PICTURES + "?count=10", model, Route.AUTO, margin(1))) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.remote()).isEqualTo(10);
      assertThat(counters.answered()).isEqualTo(10);
    }
  }

  @Test
  void auto_withoutModel_isAnsweredByTheWorker() throws Exception {
    try (Worker _ = worker();
        Agent agent = agent(PICTURES + "?count=10", null, Route.AUTO, margin(0))) {
      assertThat(agent.finished().get(30, TimeUnit.SECONDS).remote()).isEqualTo(10);
    }
  }

  @Test
  void auto_notSureAndNoWorker_publishesTheOwnAnswerAsFallback() throws Exception {
    RemoteSettings impatient = new RemoteSettings("m", 20, 60, 8, 1.0, Sealing.PLAIN, null);
    try (TestClient watcher =
            TestClient.connected(broker.address(), new Topic.Result(DEVICE).render());
        Agent agent = agent(PICTURES + "?count=5", model, Route.AUTO, impatient)) {
      assertThat(agent.finished().get(30, TimeUnit.SECONDS).local()).isEqualTo(5);

      ResultMessage result = ResultMessage.parse(watcher.awaitText());
      assertThat(result.source()).isEqualTo(Source.LOCAL);
      assertThat(result.fallback()).isTrue();
    }
  }

  @Test
  void remote_workerWithoutTheModel_showsTheCauseInStatusAndDiagnostics() throws Exception {
    RemoteSettings other = plain("another", 10_000, 60_000);
    try (TestClient diagnostics =
            TestClient.connected(broker.address(), new Topic.Diagnostics(DEVICE).render());
        TestClient status =
            TestClient.connected(broker.address(), new Topic.Status(DEVICE).render());
        Worker _ = worker();
        Agent _ =
            agent(
                PICTURES + "?loop=true", model, Route.REMOTE, other, Duration.ofMillis(20))) {
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
  void remote_spoolFull_isRefusedCountedAndShown() throws Exception {
    SpoolSettings tiny = new SpoolSettings(1L << 20, null, null, null, null);
    RemoteSettings wide = new RemoteSettings("m", 200, 60_000, 1, null, Sealing.PLAIN, null);
    try (TestClient diagnostics =
            TestClient.connected(broker.address(), new Topic.Diagnostics(DEVICE).render());
        Agent agent =
            start(
                setup(
                    PICTURES + "?loop=true",
                    null,
                    Route.REMOTE,
                    wide,
                    tiny,
                    Duration.ofNanos(1)))) {
      String told = diagnostics.awaitText();
      while (!told.contains("the spool is full")) {
        told = diagnostics.awaitText();
      }
      assertThat(agent.counters().refused()).isPositive();
      assertThat(agent.counters().lost()).isPositive();
    }
  }

  @Test
  void close_whileRequestsWait_answersThemHere() throws Exception {
    Agent agent = agent(PICTURES + "?loop=true", model, Route.REMOTE, PATIENT);
    recorder.awaitState(AgentState.RUNNING);

    agent.close();

    AgentCounters counters = agent.counters();
    assertThat(counters.answered()).isEqualTo(counters.readouts());
    assertThat(counters.lost()).isZero();
    assertThat(agent.state()).isEqualTo(AgentState.STOPPED);
  }

  private Worker worker() throws Exception {
    Worker worker =
        Worker.start(
            new WorkerSetup("worker", broker.address(), List.of(model), 2, BatchSettings.STANDARD));
    worker.ready().get(20, TimeUnit.SECONDS);
    return worker;
  }

  private Agent agent(String source, @Nullable Model local, Route route, RemoteSettings remote) {
    return agent(source, local, route, remote, Duration.ZERO);
  }

  private Agent agent(
      String source, @Nullable Model local, Route route, RemoteSettings remote, Duration interval) {
    return start(setup(source, local, route, remote, SpoolSettings.STANDARD, interval));
  }

  private AgentSetup setup(
      String source,
      @Nullable Model local,
      Route route,
      RemoteSettings remote,
      SpoolSettings spool) {
    return setup(source, local, route, remote, spool, Duration.ZERO);
  }

  private AgentSetup setup(
      String source,
      @Nullable Model local,
      Route route,
      RemoteSettings remote,
      SpoolSettings spool,
      Duration interval) {
    return new AgentSetup(
        DEVICE,
        ReadoutSensors.open(SensorSource.parse(source), SPEC, DEVICE.device()),
        SPEC,
        local,
        route,
        remote,
        spool,
        route == Route.LOCAL ? null : RemoteChannel.plain(state),
        broker.address(),
        TestClient.QUICKLY,
        interval,
        Long.MAX_VALUE);
  }

  private Agent start(AgentSetup setup) {
    return Agent.start(setup, List.of(recorder));
  }

  private static RemoteSettings margin(double margin) {
    return new RemoteSettings("m", 200, 60_000, 8, margin, Sealing.PLAIN, null);
  }

  private static RemoteSettings plain(String model, int resendMillis, int deadlineMillis) {
    return new RemoteSettings(
        model, resendMillis, deadlineMillis, 8, null, Sealing.PLAIN, null);
  }

  /** A worker that answers every request several times, or is overloaded when it first sees one. */
  private final class TestWorker implements AutoCloseable {
    private final int times;
    private final boolean overloadedAtFirst;
    private final Set<String> seen = new HashSet<>();
    private final TestClient client;
    private final Thread thread;

    TestWorker(int times, boolean overloadedAtFirst) throws InterruptedException {
      this.times = times;
      this.overloadedAtFirst = overloadedAtFirst;
      this.client = TestClient.connected(broker.address(), TopicFilter.workers().expression());
      this.thread = Thread.ofVirtual().start(this::serve);
    }

    Set<String> requestIds() {
      synchronized (seen) {
        return Set.copyOf(seen);
      }
    }

    private void serve() {
      try {
        while (true) {
          IncomingMessage message = client.awaitMessage();
          ReadoutRequest request = ReadoutRequestCodec.decode(message.payload());
          boolean first;
          synchronized (seen) {
            first = seen.add(request.requestId());
          }
          ClassificationReply.Outcome outcome =
              first && overloadedAtFirst
                  ? new ClassificationReply.Refusal(RefusalReason.OVERLOADED, "later")
                  : new ClassificationReply.Answer(List.of(new Candidate("3", 1)));
          for (int i = 0; i < times; i++) {
            reply(message, request, outcome);
          }
        }
      } catch (InterruptedException _) {
        // The test is over.
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private void reply(
        IncomingMessage message, ReadoutRequest request, ClassificationReply.Outcome outcome) {
      ClassificationReply reply =
          new ClassificationReply(
              request.requestId(), request.modelId(), "test", Duration.ZERO, outcome);
      CompletableFuture<?> _ =
          client
              .connection()
              .publish(
                  OutgoingMessage.of(
                      String.valueOf(message.responseTopic()),
                      ClassificationReplyCodec.encode(reply),
                      false));
    }

    @Override
    public void close() {
      thread.interrupt();
      client.close();
    }
  }
}
