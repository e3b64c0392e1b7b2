package dev.blindsight.camera.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.camera.tls.TestAuthority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BrokerLimitsTest {
  @TempDir Path folder;

  private TestAuthority authority;

  @BeforeEach
  void makeAuthority() {
    authority = new TestAuthority(folder);
  }

  private TestBroker start(BrokerKind kind, LimitSettings limits) {
    return kind.startSecured(authority.issue("broker", "127.0.0.1"), limits);
  }

  private TestClient connecting(TestBroker broker, String name, String... filters) {
    return TestClient.connecting(
        broker.address(), authority.issue(name), "blindsight/" + name, filters);
  }

  @ParameterizedTest
  @EnumSource(BrokerKind.class)
  void connections_oneTooMany_waitsUntilAnotherGoes(BrokerKind kind) throws Exception {
    int most = 3;
    List<TestClient> clients = new ArrayList<>();
    try (TestBroker broker = start(kind, new LimitSettings(null, most, null))) {
      for (int i = 0; i < most; i++) {
        clients.add(connecting(broker, "home/camera-" + i));
        clients.getLast().awaitConnected();
      }
      try (TestClient late = connecting(broker, "home/late")) {
        assertThat(late.awaitEvent()).contains("it may have too many connections");

        clients.getFirst().close();

        late.awaitConnected();
      }
    } finally {
      clients.forEach(TestClient::close);
    }
  }

  @Test
  void messages_ofADeviceBeyondItsRate_areReadMoreSlowlyAndNoneIsLost() throws Exception {
    int perSecond = 20;
    int messages = 4 * perSecond;
    String topic = "blindsight/home/hall/result";
    try (TestBroker broker = start(BrokerKind.EMBEDDED, new LimitSettings(null, null, perSecond));
        TestClient operator = connecting(broker, "operator/desk", topic);
        TestClient device = connecting(broker, "home/hall")) {
      operator.awaitConnected();
      device.awaitConnected();
      long start = System.nanoTime();
      CompletableFuture<?>[] sent = new CompletableFuture<?>[messages];
      for (int i = 0; i < messages; i++) {
        sent[i] = device.publish(topic, Integer.toString(i));
      }
      CompletableFuture.allOf(sent).get(60, TimeUnit.SECONDS);
      Duration taken = Duration.ofNanos(System.nanoTime() - start);

      // A second's worth at once, then one by one; never sooner, however fast the machine.
      assertThat(taken).isGreaterThan(Duration.ofMillis(2_900));
      for (int i = 0; i < messages; i++) {
        assertThat(operator.awaitText()).isEqualTo(Integer.toString(i));
      }
      assertThat(sent[0].get()).isEqualTo(Delivery.ACCEPTED);
    }
  }
}
