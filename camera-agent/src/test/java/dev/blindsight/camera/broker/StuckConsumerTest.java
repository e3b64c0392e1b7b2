package dev.blindsight.camera.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.ConnectionListener;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.MqttConnection;
import dev.blindsight.camera.mqtt.MqttSettings;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.Subscription;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.topic.TopicFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker that takes requests and never comes to an end with them. */
class StuckConsumerTest {
  private static final String TOPIC = "work/to-do";
  private static final int LENGTH = 50_000;
  private static final long MOST_BYTES_AN_ADDRESS = 64L << 20;

  /** Takes one message at a time, and the next once the test says so. */
  private static final class Consumer implements AutoCloseable {
    private final BlockingQueue<IncomingMessage> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final MqttConnection connection;

    Consumer(BrokerAddress broker) throws Exception {
      connection =
          MqttConnection.to(
              new MqttSettings(broker, null, "consumer", null, 1, TestClient.QUICKLY),
              List.of(new Subscription(new TopicFilter(TOPIC), messages::add)),
              new ConnectionListener() {
                @Override
                public void connected() {
                  connected.complete(null);
                }

                @Override
                public void disconnected(String reason) {
                  connected.completeExceptionally(new AssertionError(reason));
                }
              });
      connection.connect();
      connected.get(20, TimeUnit.SECONDS);
    }

    IncomingMessage next() throws InterruptedException {
      IncomingMessage message = messages.poll(20, TimeUnit.SECONDS);
      assertThat(message).isNotNull();
      return message;
    }

    @Override
    public void close() {
      connection.close();
    }
  }

  private static OutgoingMessage message(int number, Duration expiry) {
    byte[] payload = new byte[LENGTH];
    payload[0] = (byte) number;
    payload[1] = (byte) (number >> 8);
    return new OutgoingMessage(
        TOPIC, payload, false, new OutgoingMessage.Properties(null, null, null, expiry));
  }

  private static int number(IncomingMessage message) {
    return Byte.toUnsignedInt(message.payload()[0]) | Byte.toUnsignedInt(message.payload()[1]) << 8;
  }

  @Test
  void messages_moreThanAnAddressHolds_areRefusedAndTheOthersDelivered() throws Exception {
    try (TestBroker broker = BrokerKind.EMBEDDED.start();
        Consumer consumer = new Consumer(broker.address());
        TestClient sender = TestClient.connected(broker.address())) {
      int most = (int) (MOST_BYTES_AN_ADDRESS / LENGTH);
      int accepted = 0;
      String refusal = "";
      while (refusal.isEmpty() && accepted <= most) {
        try {
          assertThat(
                  sender
                      .connection()
                      .publish(message(accepted, Duration.ofMinutes(5)))
                      .get(20, TimeUnit.SECONDS))
              .isEqualTo(Delivery.ACCEPTED);
          accepted++;
        } catch (ExecutionException e) {
          refusal = String.valueOf(e.getMessage());
        }
      }
      assertThat(refusal).contains("131");
      assertThat(accepted).isBetween(most / 2, most);
      for (int i = 0; i < accepted; i++) {
        IncomingMessage message = consumer.next();
        assertThat(number(message)).isEqualTo(i);
        message.acknowledge();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BrokerKind.class)
  void message_expiredWhileItWaited_isNotDelivered(BrokerKind kind) throws Exception {
    try (TestBroker broker = kind.start();
        Consumer consumer = new Consumer(broker.address());
        TestClient sender = TestClient.connected(broker.address())) {
      sender.connection().publish(message(0, Duration.ofMinutes(5))).get(20, TimeUnit.SECONDS);
      IncomingMessage first = consumer.next();
      sender.connection().publish(message(1, Duration.ofSeconds(1))).get(20, TimeUnit.SECONDS);
      sender.connection().publish(message(2, Duration.ofMinutes(5))).get(20, TimeUnit.SECONDS);

      CompletableFuture.runAsync(
              first::acknowledge, CompletableFuture.delayedExecutor(2_500, TimeUnit.MILLISECONDS))
          .get(20, TimeUnit.SECONDS);

      // Mosquitto 2.0 goes on with the queue upon the next message only.
      sender.connection().publish(message(3, Duration.ofMinutes(5))).get(20, TimeUnit.SECONDS);

      List<Integer> delivered = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        IncomingMessage message = consumer.next();
        delivered.add(number(message));
        message.acknowledge();
      }
      assertThat(delivered).containsExactlyInAnyOrder(2, 3);
    }
  }
}
