package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.topic.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client whose connections and messages can be waited for. */
public final class TestClient implements AutoCloseable {
  public static final Reconnection QUICKLY =
      new Reconnection(Duration.ofMillis(50), Duration.ofMillis(200));
  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<IncomingMessage> messages = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final MqttConnection connection;

  private TestClient(
      BrokerAddress broker,
      @Nullable TlsSettings tls,
      String clientId,
      @Nullable Presence presence,
      String... filters) {
    List<Subscription> subscriptions =
        List.of(filters).stream()
            .map(filter -> new Subscription(new TopicFilter(filter), this::take))
            .toList();
    this.connection =
        MqttConnection.to(
            new MqttSettings(broker, tls, clientId, presence, 32, QUICKLY),
            subscriptions,
            new ConnectionListener() {
              @Override
              public void connected() {
                events.add("connected");
              }

              @Override
              public void disconnected(String reason) {
                events.add(reason);
              }
            });
    connection.connect();
  }

  /** Connects and waits until it is. */
  public static TestClient connected(BrokerAddress broker, String... filters)
      throws InterruptedException {
    TestClient client = connecting(broker, null, filters);
    client.awaitConnected();
    return client;
  }

  /** Begins to connect. */
  public static TestClient connecting(
      BrokerAddress broker, @Nullable Presence presence, String... filters) {
    return new TestClient(broker, null, "test-" + UUID.randomUUID(), presence, filters);
  }

  /** Begins to connect with TLS. */
  public static TestClient connecting(
      BrokerAddress broker, TlsSettings tls, String clientId, String... filters) {
    return new TestClient(broker, tls, clientId, null, filters);
  }

  /** Begins to connect with TLS, and announces itself. */
  public static TestClient announcing(
      BrokerAddress broker, TlsSettings tls, String clientId, Presence presence) {
    return new TestClient(broker, tls, clientId, presence);
  }

  private void take(IncomingMessage message) {
    message.acknowledge();
    messages.add(message);
  }

  /** Messages that came and were not waited for. */
  public List<IncomingMessage> messages() {
    return List.copyOf(messages);
  }

  /** Events that happened and were not waited for. */
  public List<String> events() {
    return List.copyOf(events);
  }

  public MqttConnection connection() {
    return connection;
  }

  public CompletableFuture<Delivery> publish(String topic, String text) {
    return connection.publish(
        OutgoingMessage.of(topic, text.getBytes(StandardCharsets.UTF_8), false));
  }

  /** Waits for the next connection, past whatever happened before. */
  public void awaitConnected() throws InterruptedException {
    String event;
    do {
      event = awaitEvent();
    } while (!event.equals("connected"));
  }

  /** The next event: "connected" or the reason of a failure. */
  public String awaitEvent() throws InterruptedException {
    String event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("nothing happened to the connection");
    }
    return event;
  }

  /** The next message. */
  public IncomingMessage awaitMessage() throws InterruptedException {
    IncomingMessage message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no message came");
    }
    return message;
  }

  /** The next message, if one comes in a while. */
  public Optional<IncomingMessage> pollMessage(Duration patience) throws InterruptedException {
    return Optional.ofNullable(messages.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** The next message as text. */
  public String awaitText() throws InterruptedException {
    return new String(awaitMessage().payload(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    connection.close();
  }
}
