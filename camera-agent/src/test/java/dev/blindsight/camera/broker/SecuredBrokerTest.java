package dev.blindsight.camera.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.agent.Agent;
import dev.blindsight.camera.agent.AgentCounters;
import dev.blindsight.camera.agent.AgentSetup;
import dev.blindsight.camera.agent.RemoteChannel;
import dev.blindsight.camera.agent.RemoteSettings;
import dev.blindsight.camera.agent.Route;
import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.Cable;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.MqttRefusedException;
import dev.blindsight.camera.mqtt.Presence;
import dev.blindsight.camera.mqtt.Reconnection;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.camera.tls.TestAuthority;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.camera.worker.Admission;
import dev.blindsight.camera.worker.BatchSettings;
import dev.blindsight.camera.worker.Worker;
import dev.blindsight.camera.worker.WorkerSetup;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both brokers with certificates; Mosquitto with the files that the documentation gives. */
@ParameterizedClass
@EnumSource(BrokerKind.class)
class SecuredBrokerTest {
  private static final String HALL = "home.1/hall-a";
  private static final String YARD = "home.1/hall-b";
  private static final String GATE = "home.1/gate";
  private static final String ATTIC = "home.1/attic";
  private static final String WORKER = "worker/worker-1";
  private static final String OPERATOR = "operator/desk";
  private static final int PACKET_BYTES = 4096;

  @TempDir static Path folder;

  @TempDir Path state;

  private static TestAuthority authority;
  private static TestBroker broker;

  @Parameter BrokerKind kind;

  @BeforeParameterizedClassInvocation
  static void startBroker(BrokerKind kind) throws IOException {
    authority = new TestAuthority(Files.createDirectory(folder.resolve(kind.name())));
    broker =
        kind.startSecured(
            authority.issue("broker", "127.0.0.1", "localhost"),
            new LimitSettings(PACKET_BYTES, null, null));
  }

  @AfterParameterizedClassInvocation
  static void stopBroker() {
    broker.close();
  }

  private static TestClient connecting(String name, String... filters) {
    return TestClient.connecting(
        broker.address(), authority.issue(name), "blindsight/" + name, filters);
  }

  private static TestClient connected(String name, String... filters) throws InterruptedException {
    TestClient client = connecting(name, filters);
    client.awaitConnected();
    return client;
  }

  private static String topic(String device, String leaf) {
    return "blindsight/%s/%s".formatted(device, leaf);
  }

  private static Delivery await(TestClient client, String topic, String text) throws Exception {
    return client.publish(topic, text).get(20, TimeUnit.SECONDS);
  }

  private static void assertRefused(TestClient client, String topic) {
    assertThatThrownBy(() -> await(client, topic, "x"))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            MqttRefusedException.class, e -> assertThat(e.reasonCode()).isEqualTo(135));
  }

  @Test
  void readout_ofADevice_isAnsweredByAWorkerAndSeenByAnOperator() throws Exception {
    try (TestClient worker = connected(WORKER, "$share/inference/blindsight/+/+/readout");
        TestClient operator = connected(OPERATOR, topic(HALL, "#"));
        TestClient device =
            connected(
                HALL, topic(HALL, "reply"), topic(HALL, "capture/set"), topic(HALL, "model"))) {
      await(device, topic(HALL, "readout"), "a readout");
      assertThat(worker.awaitText()).isEqualTo("a readout");
      assertThat(operator.awaitMessage().topic()).isEqualTo(topic(HALL, "readout"));

      await(worker, topic(HALL, "reply"), "a reply");
      assertThat(device.awaitText()).isEqualTo("a reply");
      assertThat(operator.awaitText()).isEqualTo("a reply");

      for (String leaf : new String[] {"capture/set", "model"}) {
        await(operator, topic(HALL, leaf), leaf);
        assertThat(device.awaitText()).isEqualTo(leaf);
        assertThat(operator.awaitText()).isEqualTo(leaf);
      }
      for (String leaf :
          new String[] {"status", "result", "event", "diagnostics", "capture", "model/state"}) {
        await(device, topic(HALL, leaf), leaf);
        assertThat(operator.awaitText()).isEqualTo(leaf);
      }
    }
  }

  @Test
  void publish_withoutTheRight_isAnsweredAndTheConnectionStays() throws Exception {
    try (TestClient device = connected(HALL);
        TestClient worker = connected(WORKER);
        TestClient operator = connected(OPERATOR, topic(HALL, "result"))) {
      assertRefused(device, topic(YARD, "result"));
      assertRefused(device, topic(YARD, "readout"));
      assertRefused(device, topic(HALL, "reply"));
      assertRefused(device, topic(HALL, "model"));
      assertRefused(device, topic(HALL, "capture/set"));
      assertRefused(device, topic(HALL, "nothing"));
      assertRefused(device, "elsewhere");
      assertRefused(worker, topic(HALL, "readout"));
      assertRefused(worker, topic(HALL, "status"));
      assertRefused(operator, topic(HALL, "reply"));
      assertRefused(operator, topic(HALL, "result"));

      await(device, topic(HALL, "result"), "still connected");
      assertThat(operator.awaitText()).isEqualTo("still connected");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#",
        "blindsight/#",
        "blindsight/+/+/readout",
        "blindsight/" + YARD + "/reply",
        "blindsight/home.1/+/reply",
        "$share/inference/blindsight/+/+/readout",
        "$share/x/blindsight/" + YARD + "/reply"
      })
  void subscribe_toOthersTopics_isRefusedOrYieldsNothing(String filter) throws Exception {
    try (TestClient curious = connecting(HALL, filter);
        TestClient yard = connected(YARD);
        TestClient worker = connected(WORKER)) {
      String event = curious.awaitEvent();
      if (kind == BrokerKind.EMBEDDED) {
        assertThat(event)
            .endsWith(
                "it refuses subscribing to %s: not authorised (135): give this client the right on the broker"
                    .formatted(filter));
        return;
      }
      // Mosquitto accepts the subscription and sends nothing on it.
      assertThat(event).isEqualTo("connected");
      await(yard, topic(YARD, "readout"), "secret");
      await(worker, topic(YARD, "reply"), "secret");
      try (TestClient operator = connected(OPERATOR)) {
        await(operator, topic(HALL, "model"), "its own");
      }
      if (filter.equals("#") || filter.equals("blindsight/#")) {
        assertThat(curious.awaitText()).isEqualTo("its own");
      } else {
        assertThat(curious.messages()).isEmpty();
      }
    }
  }

  @Test
  void clientId_ofAnother_doesNotDisconnectIt() throws Exception {
    try (TestClient yard = connected(YARD, topic(YARD, "reply"));
        TestClient thief =
            TestClient.connecting(broker.address(), authority.issue(HALL), "blindsight/" + YARD)) {
      if (kind == BrokerKind.EMBEDDED) {
        assertThat(thief.awaitEvent()).contains("does not accept the client id (133)");
      } else {
        // Mosquitto calls it by its certificate whatever it calls itself.
        thief.awaitConnected();
      }
      try (TestClient worker = connected(WORKER)) {
        await(worker, topic(YARD, "reply"), "undisturbed");
      }
      assertThat(yard.awaitText()).isEqualTo("undisturbed");
      assertThat(yard.events()).isEmpty();
    }
  }

  @Test
  void will_ofADeviceThatVanishes_isPublished() throws Exception {
    try (Cable cable = new Cable(broker.address());
        TestClient operator = connected(OPERATOR, topic(GATE, "status"));
        TestClient device =
            TestClient.announcing(
                cable.address(),
                authority.issue(GATE),
                "blindsight/" + GATE,
                new Presence(topic(GATE, "status"), Map.of()))) {
      device.awaitConnected();
      assertThat(operator.awaitText()).isEqualTo("online");

      cable.pull();

      assertThat(operator.awaitText()).isEqualTo("offline");
    }
  }

  @Test
  void certificate_ofNobody_isRefusedWithItsReason() throws Exception {
    TestAuthority other = new TestAuthority(Files.createDirectory(folder.resolve("other-" + kind)));
    TlsSettings own = authority.issue(HALL);
    TlsSettings foreign = other.issue(HALL);

    assertTrouble(new TlsSettings(own.ca(), null, null), "tls.certificate");
    assertTrouble(
        new TlsSettings(own.ca(), foreign.certificate(), foreign.key()), foreign.certificate());
    assertTrouble(
        new TlsSettings(foreign.ca(), own.certificate(), own.key()),
        "its certificate is from no authority that this client trusts: give the broker's authority"
            + " as tls.ca");
    assertTrouble(authority.issueExpired(HALL), "expired on");
    assertTrouble(authority.issueEarly(HALL), "set the clock");
  }

  private void assertTrouble(TlsSettings tls, String message) throws InterruptedException {
    try (TestClient client = TestClient.connecting(broker.address(), tls, "blindsight/" + HALL)) {
      assertThat(client.awaitEvent())
          .startsWith("broker " + broker.address() + ": ")
          .contains(message)
          .doesNotContain("\n");
    }
  }

  @Test
  void packet_tooLarge_isRefusedAndTheConnectionStays() throws Exception {
    try (TestClient operator = connected(OPERATOR, topic(HALL, "result"));
        TestClient device = connected(HALL)) {
      assertThatThrownBy(() -> await(device, topic(HALL, "result"), "x".repeat(PACKET_BYTES)))
          .cause()
          .isInstanceOfSatisfying(
              MqttRefusedException.class, e -> assertThat(e.reasonCode()).isEqualTo(149));

      await(device, topic(HALL, "result"), "x".repeat(PACKET_BYTES - 200));
      assertThat(operator.awaitText()).hasSize(PACKET_BYTES - 200);
    }
  }

  @Test
  void agent_withoutTheRight_answersByItself() throws Exception {
    try (Model model = LinearModel.grey28("m").load();
        Agent agent = agent(YARD, HALL, model, RemoteChannel.plain(state), 20)) {
      AgentCounters counters = agent.finished().get(30, TimeUnit.SECONDS);

      assertThat(counters.local()).isEqualTo(20);
      assertThat(counters.lost()).isZero();
    }
  }

  @Test
  void agent_whoseBatchesAreTooLargeForTheBroker_isAnsweredAll() throws Exception {
    DeviceAddress attic = address(ATTIC);
    byte[] bytes = new byte[DeviceSecret.BYTES];
    bytes[0] = 1;
    try (DeviceSecret secret = DeviceSecret.of(bytes);
        Model model = LinearModel.grey28("m").load();
        Worker worker = worker(model, secret, attic)) {
      worker.ready().get(20, TimeUnit.SECONDS);
      RemoteChannel channel = RemoteChannel.sealed(secret, attic, 1, state, InstantSource.system());
      try (Agent agent = agent(ATTIC, ATTIC, null, channel, 300)) {
        AgentCounters counters = agent.finished().get(60, TimeUnit.SECONDS);

        assertThat(counters.remote()).isEqualTo(300);
        assertThat(counters.lost()).isZero();
      }
      assertThat(worker.counters().answered()).isEqualTo(300);
    }
  }

  private static DeviceAddress address(String device) {
    int slash = device.indexOf('/');
    return new DeviceAddress(device.substring(0, slash), device.substring(slash + 1));
  }

  private static Agent agent(
      String device, String certificate, @Nullable Model model, RemoteChannel channel, int count) {
    return Agent.start(
        new AgentSetup(
            address(device),
            ReadoutSensors.open(
                SensorSource.parse("simulated:fashion-mnist-400?count=" + count),
                LinearModel.spec28(),
                address(device).device()),
            LinearModel.spec28(),
            model,
            Route.REMOTE,
            new RemoteSettings("m", null, null, 64, null, null, null),
            SpoolSettings.STANDARD,
            channel,
            broker.address(),
            authority.issue(certificate),
            Reconnection.standard(),
            Duration.ZERO,
            null,
            null,
            Long.MAX_VALUE),
        List.of());
  }

  private static Worker worker(Model model, DeviceSecret secret, DeviceAddress device) {
    DeviceGrant grant =
        DeviceGrant.of(device, List.of(DeviceGrant.EpochKeys.derive(secret, device, 1)), List.of());
    return Worker.start(
        new WorkerSetup(
            "worker-1",
            broker.address(),
            authority.issue(WORKER),
            List.of(model),
            1,
            BatchSettings.STANDARD,
            Admission.of(asked -> asked.equals(device) ? Optional.of(grant) : Optional.empty())));
  }
}
