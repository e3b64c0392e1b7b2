package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.Presence;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.camera.worker.Admission;
import dev.blindsight.camera.worker.BatchSettings;
import dev.blindsight.camera.worker.Worker;
import dev.blindsight.camera.worker.WorkerSetup;
import dev.blindsight.protocol.message.ResultMessage;
import dev.blindsight.protocol.message.ResultMessage.Source;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    try (TestWorker _ = TestWorker.answering(broker.address(), 2);
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
    try (TestWorker worker = TestWorker.overloadedAtFirst(broker.address());
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
    return agent(source, local, route, remote, Duration.ZERO);
  }

  private Agent agent(
      String source, @Nullable Model local, Route route, RemoteSettings remote, Duration interval) {
    AgentSetup setup =
        new AgentSetup(
            DEVICE,
            ReadoutSensors.open(SensorSource.parse(source), SPEC, DEVICE.device()),
            SPEC,
            local,
            route,
            remote,
            SpoolSettings.STANDARD,
            RemoteChannel.plain(state),
            broker.address(),
            null,
            TestClient.QUICKLY,
            interval,
            null,
            null,
            Long.MAX_VALUE);
    return Agent.start(setup, List.of(recorder));
  }

  private static RemoteSettings plain(String model, int resendMillis, int deadlineMillis) {
    return new RemoteSettings(model, resendMillis, deadlineMillis, 8, null, Sealing.PLAIN, null);
  }
}
