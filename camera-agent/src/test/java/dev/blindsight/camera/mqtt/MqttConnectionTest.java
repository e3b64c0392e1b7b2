package dev.blindsight.camera.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.topic.TopicFilter;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(BrokerKind.class)
class MqttConnectionTest {
  @Parameter BrokerKind kind;

  private TestBroker broker;

  @BeforeEach
  void startBroker() {
    broker = kind.start();
  }

  @AfterEach
  void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void publish_withProperties_arrivesWithThem() throws Exception {
    try (TestClient receiver = TestClient.connected(broker.address(), "a/+/c");
        TestClient sender = TestClient.connected(broker.address())) {
      byte[] correlation = {1, 2, (byte) 200};
      CompletableFuture<Delivery> delivery =
          sender
              .connection()
              .publish(
                  new OutgoingMessage(
                      "a/b/c",
                      new byte[] {0, (byte) 255},
                      false,
                      new OutgoingMessage.Properties(
                          "x/y", "back/here", correlation, Duration.ofSeconds(9))));

      IncomingMessage message = receiver.awaitMessage();
      assertThat(message.topic()).isEqualTo("a/b/c");
      assertThat(message.payload()).containsExactly(0, 255);
      assertThat(message.responseTopic()).isEqualTo("back/here");
      assertThat(message.correlationData()).containsExactly(correlation);
      assertThat(delivery.get(20, TimeUnit.SECONDS)).isEqualTo(Delivery.ACCEPTED);
    }
  }

  @Test
  void publish_nobodySubscribed_saysSoWhereTheBrokerDoes() throws Exception {
    // The standard leaves it to the broker (section 3.4.2.1); Artemis does not say.
    Delivery expected = kind == BrokerKind.MOSQUITTO ? Delivery.NO_SUBSCRIBER : Delivery.ACCEPTED;
    try (TestClient sender = TestClient.connected(broker.address())) {
      assertThat(sender.publish("a/b", "x").get(20, TimeUnit.SECONDS)).isEqualTo(expected);
    }
  }

  @Test
  void publish_burstBeyondTheBrokersWindow_arrivesWhole() throws Exception {
    int burst = 3000;
    try (TestClient receiver = TestClient.connected(broker.address(), "burst");
        TestClient sender = TestClient.connected(broker.address())) {
      CompletableFuture<?>[] deliveries = new CompletableFuture<?>[burst];
      for (int i = 0; i < burst; i++) {
        deliveries[i] = sender.publish("burst", Integer.toString(i));
      }

      CompletableFuture.allOf(deliveries).get(60, TimeUnit.SECONDS);
      Set<String> received = new HashSet<>();
      while (received.size() < burst) {
        received.add(receiver.awaitText());
      }
      assertThat(received).hasSize(burst);
    }
  }

  @Test
  void connection_brokerKilledAndBack_isMadeAgainWithItsSubscriptions() throws Exception {
    try (TestClient receiver = TestClient.connected(broker.address(), "a");
        TestClient sender = TestClient.connected(broker.address())) {
      broker.kill();
      assertThat(sender.awaitEvent()).startsWith("broker " + broker.address() + ": ");
      assertThat(sender.connection().connected()).isFalse();
      assertThatThrownBy(() -> sender.publish("a", "lost").get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(MqttUnavailableException.class);

      broker.restart();
      sender.awaitConnected();
      receiver.awaitConnected();
      assertThat(sender.publish("a", "again").get(20, TimeUnit.SECONDS))
          .isEqualTo(Delivery.ACCEPTED);
      assertThat(receiver.awaitText()).isEqualTo("again");
    }
  }

  @Test
  void connection_brokerNotThereYet_isMadeWhenItComes() throws Exception {
    broker.kill();
    try (TestClient client = TestClient.connecting(broker.address(), null)) {
      assertThat(client.awaitEvent()).contains("refused");

      broker.restart();
      client.awaitConnected();
      assertThat(client.connection().connected()).isTrue();
    }
  }

  @Test
  void connection_pulledManyTimes_comesBackEachTime() throws Exception {
    try (Cable cable = new Cable(broker.address());
        TestClient receiver = TestClient.connected(broker.address(), "a");
        TestClient sender = TestClient.connected(cable.address())) {
      for (int i = 0; i < 5; i++) {
        cable.pull();
        sender.awaitConnected();
        assertThat(sender.publish("a", "round " + i).get(20, TimeUnit.SECONDS))
            .isEqualTo(Delivery.ACCEPTED);
        assertThat(receiver.awaitText()).isEqualTo("round " + i);
      }
    }
  }

  @Test
  void presence_connectedThenPulledThenClosed_isSeenByLaterSubscribersToo() throws Exception {
    Presence presence = new Presence("here", Map.of("kind", "test"));
    try (Cable cable = new Cable(broker.address());
        TestClient watcher = TestClient.connected(broker.address(), "here")) {
      try (TestClient client = TestClient.connecting(cable.address(), presence)) {
        assertThat(watcher.awaitText()).isEqualTo(Presence.ONLINE);
        cable.pull();
        assertThat(watcher.awaitText()).isEqualTo(Presence.OFFLINE);
        client.awaitConnected();
        assertThat(watcher.awaitText()).isEqualTo(Presence.ONLINE);
        assertThat(retained()).isEqualTo(Presence.ONLINE);
      }
      assertThat(watcher.awaitText()).isEqualTo(Presence.OFFLINE);
      assertThat(retained()).isEqualTo(Presence.OFFLINE);
    }
  }

  private String retained() throws InterruptedException {
    try (TestClient late = TestClient.connected(broker.address(), "here")) {
      return late.awaitText();
    }
  }

  @Test
  void handler_thatThrows_doesNotStopTheNextMessages() throws Exception {
    int window = 2;
    CountDownLatch handled = new CountDownLatch(5 * window);
    try (MqttConnection _ =
            receiver(
                window,
                _ -> {
                  handled.countDown();
                  throw new IllegalStateException("a handler's mistake");
                });
        TestClient sender = TestClient.connected(broker.address())) {
      for (int i = 0; i < 5 * window; i++) {
        CompletableFuture<Delivery> _ = sender.publish("a", "x");
      }

      assertThat(handled.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void acknowledge_withheld_holdsTheBrokerBack() throws Exception {
    int window = 3;
    List<IncomingMessage> held = new CopyOnWriteArrayList<>();
    CountDownLatch full = new CountDownLatch(window);
    CountDownLatch more = new CountDownLatch(window + 1);
    try (MqttConnection _ =
            receiver(
                window,
                message -> {
                  held.add(message);
                  // Full last: who sees it at zero must see all of the window counted.
                  more.countDown();
                  full.countDown();
                });
        TestClient sender = TestClient.connected(broker.address())) {
      CompletableFuture<?>[] sent = new CompletableFuture<?>[10];
      for (int i = 0; i < sent.length; i++) {
        sent[i] = sender.publish("a", "x");
      }
      CompletableFuture.allOf(sent).get(20, TimeUnit.SECONDS);
      assertThat(full.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(more.getCount()).isEqualTo(1);

      held.getFirst().acknowledge();
      assertThat(more.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Subscribed to "a" when this returns. */
  private MqttConnection receiver(int window, Consumer<IncomingMessage> handler)
      throws InterruptedException {
    CountDownLatch connected = new CountDownLatch(1);
    MqttConnection receiver =
        MqttConnection.to(
            new MqttSettings(broker.address(), null, "receiver", null, window, TestClient.QUICKLY),
            List.of(new Subscription(new TopicFilter("a"), handler)),
            new ConnectionListener() {
              @Override
              public void connected() {
                connected.countDown();
              }

              @Override
              public void disconnected(String reason) {}
            });
    receiver.connect();
    assertThat(connected.await(20, TimeUnit.SECONDS)).isTrue();
    return receiver;
  }
}
