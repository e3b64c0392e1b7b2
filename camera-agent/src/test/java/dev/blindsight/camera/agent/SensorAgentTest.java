package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an agent makes of its sensor: its pace, its failures, its idle scenes. */
@Timeout(60)
class SensorAgentTest {
  private static final DeviceAddress DEVICE = new DeviceAddress("site", "hall");
  private static final ReadoutSpec SPEC = LinearModel.spec28();

  private final Recorder recorder = new Recorder();
  private TestBroker broker;
  private Model model;

  @BeforeEach
  void start() {
    broker = BrokerKind.EMBEDDED.start();
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
  void live_fasterThanItsAnswers_everyExposureIsAnsweredOrCountedAsDropped() throws Exception {
    ReadoutSensor sensor = sensor(new Pace.Live(1, 100_000), 3000, exposure -> exposure % 256);
    try (Agent agent = agent(sensor, null, null)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.dropped()).isPositive();
      assertThat(counters.answered() + counters.dropped()).isEqualTo(3000);
      // The newest wins: the last is never among the dropped.
      assertThat(recorder.observations().getLast().sequence()).isEqualTo(2999);
      assertThat(recorder.observations()).extracting(Observation::sequence).isSorted();
    }
  }

  @Test
  void failing_sensor_isNamedInTheStatusAndTriedAgain() throws Exception {
    ReadoutSensor sensor =
        sensor(Pace.ON_DEMAND, 3, exposure -> exposure < 2 ? StagedSensor.FAILURE : 7);
    try (TestClient watcher =
            TestClient.connected(broker.address(), new Topic.Status(DEVICE).render());
        Agent agent = agent(sensor, null, null)) {
      IncomingMessage status = watcher.awaitMessage();
      while (!status.userProperties().containsKey("problem")) {
        status = watcher.awaitMessage();
      }
      assertThat(status.userProperties())
          .containsEntry("problem", "the staged sensor is unplugged: plug it in")
          .containsEntry("guarantee", "undriven");

      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.failed()).isEqualTo(2);
      assertThat(counters.answered()).isEqualTo(1);
    }
  }

  @Test
  void status_everyMessage_tellsTheGuarantee() throws Exception {
    try (TestClient watcher =
        TestClient.connected(broker.address(), new Topic.Status(DEVICE).render())) {
      try (Agent agent = agent(sensor(Pace.ON_DEMAND, 1, _ -> 7), null, null)) {
        agent.finished().get(30, TimeUnit.SECONDS);
        assertThat(watcher.awaitMessage().userProperties()).containsEntry("guarantee", "undriven");
      }
      assertThat(watcher.awaitMessage().userProperties()).containsEntry("guarantee", "undriven");
    }
  }

  @Test
  void gate_idleScene_isAnsweredOnce() throws Exception {
    ReadoutSensor sensor = sensor(Pace.ON_DEMAND, 200, exposure -> exposure < 100 ? 50 : 150);
    try (Agent agent = agent(sensor, GateSettings.STANDARD, null)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.readouts()).isEqualTo(200);
      assertThat(counters.answered()).isEqualTo(2);
      assertThat(counters.unchanged()).isEqualTo(198);
      assertThat(counters.lost()).isZero();
      assertThat(recorder.observations())
          .extracting(Observation::sequence)
          .containsExactly(0L, 100L);
    }
  }

  @Test
  void events_ofAScene_beginAndEndOnTheirTopic() throws Exception {
    try (TestClient watcher =
            TestClient.connected(broker.address(), new Topic.Event(DEVICE).render());
        Agent agent =
            agent(
                sensor(Pace.ON_DEMAND, 5, _ -> 7),
                null,
                new EventSettings(0.001, 0.0005, 0, null))) {
      String begin = watcher.awaitText();
      assertThat(begin).contains("\"event\":\"begin\"").contains("\"label\":");
      agent.finished().get(30, TimeUnit.SECONDS);

      String last = begin;
      while (!last.contains("\"event\":\"end\"")) {
        last = watcher.awaitText();
      }
      assertThat(last).contains("\"ended_at\":");
    }
  }

  @Test
  void diagnostics_tellWhatTheSensorDrove() throws Exception {
    try (TestClient watcher =
            TestClient.connected(broker.address(), new Topic.Diagnostics(DEVICE).render());
        Agent agent = agent(sensor(Pace.ON_DEMAND, 4, _ -> 7), null, null)) {
      agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(watcher.awaitText())
          .contains("\"guarantee\":\"undriven\"")
          .contains("\"bus_bytes\":")
          .contains("\"memory_locked\":");
    }
  }

  private static ReadoutSensor sensor(Pace pace, long exposures, LongUnaryOperator light) {
    return new StagedSensor(SPEC, pace, exposures, light);
  }

  private Agent agent(
      ReadoutSensor sensor, @Nullable GateSettings gate, @Nullable EventSettings events) {
    return Agent.start(
        new AgentSetup(
            DEVICE,
            sensor,
            SPEC,
            model,
            Route.LOCAL,
            RemoteSettings.STANDARD,
            SpoolSettings.STANDARD,
            null,
            broker.address(),
            null,
            TestClient.QUICKLY,
            Duration.ZERO,
            gate,
            events,
            Long.MAX_VALUE),
        List.of(recorder));
  }
}
