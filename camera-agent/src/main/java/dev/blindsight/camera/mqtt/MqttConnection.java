package dev.blindsight.camera.mqtt;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A connection to an MQTT 5 broker that is made again, with growing and scattered pauses, whenever
 * it is lost. All messages go by QoS 1. Thread-safe.
 *
 * <p>Nothing is kept across connections: what was on its way when a connection was lost is told to
 * its sender, who decides. Handlers, listeners and the stages of returned futures run on one thread
 * of this connection, in order; they hand slow work to threads of their own.
 */
public interface MqttConnection extends AutoCloseable {

  /**
   * Prepares a connection; {@link #connect()} begins it.
   *
   * @param subscriptions made anew each time
   * @param listener told of every connection, loss and failed attempt
   */
  static MqttConnection to(
      MqttSettings settings, List<Subscription> subscriptions, ConnectionListener listener) {
    return new PahoConnection(settings, subscriptions, listener);
  }

  /** Begins to connect and returns at once; called once. */
  void connect();

  /**
   * Publishes a message. No more messages are on their way than the broker allows; the others wait
   * their turn.
   *
   * @return what the broker acknowledged; fails with {@link MqttUnavailableException} when there is
   *     no connection or it is lost before the acknowledgement or too many messages wait, with
   *     {@link MqttRefusedException} when the broker refuses the message
   */
  CompletableFuture<Delivery> publish(OutgoingMessage message);

  /** Whether the connection stands and all subscriptions are made. */
  boolean connected();

  /**
   * Unsubscribes from everything, for good, and waits a little for the broker to say so. What it
   * has on its way already may still arrive, and messages can still be published.
   */
  void unsubscribe();

  /**
   * Waits a little for messages on their way, tells the broker that the client is offline, and
   * disconnects.
   */
  @Override
  void close();
}
