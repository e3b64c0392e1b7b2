package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.tls.TlsCredentials;
import dev.blindsight.protocol.UserError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a {@link PahoSession} standing. Paho's own reconnection stays off: its pauses are shared by
 * all clients of a process and grow without scatter (eclipse/paho.mqtt.java issue 864), and it does
 * not retry the first attempt.
 */
final class PahoConnection implements MqttConnection {
  private final MqttSettings settings;
  private volatile List<Subscription> subscriptions;
  private final ConnectionListener listener;
  private final ScheduledExecutorService connector;
  private final ExecutorService dispatcher;

  private volatile @Nullable PahoSession session;
  private volatile boolean ready;
  private volatile boolean closed;
  // Of the connector's thread alone. The generation tells a loss of this session from a late word
  // about an earlier one.
  private int generation;
  private int failures;

  PahoConnection(
      MqttSettings settings, List<Subscription> subscriptions, ConnectionListener listener) {
    this.settings = settings;
    this.subscriptions = List.copyOf(subscriptions);
    this.listener = listener;
    if (settings.encrypted()) {
      // Read again by each attempt: here, so that a mistake shows at the start.
      TlsCredentials _ = settings.tlsOrDefault().read();
    }
    String name = "mqtt-" + settings.clientId();
    this.connector =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name(name + "-connect").factory());
    this.dispatcher = Executors.newSingleThreadExecutor(Thread.ofVirtual().name(name).factory());
  }

  @Override
  public void connect() {
    connector.execute(this::attempt);
  }

  private void attempt() {
    if (closed) {
      return;
    }
    int current = generation;
    try {
      PahoSession opened =
          new PahoSession(settings, subscriptions, dispatcher, trouble -> lost(current, trouble));
      // Before the subscriptions: the first message may arrive with them, and want an answer.
      session = opened;
      opened.begin();
      failures = 0;
      ready = true;
      dispatcher.execute(listener::connected);
    } catch (FailedAttemptException e) {
      retreat(e.trouble());
    } catch (UserError e) {
      // A file that was good at the start: put back, it is read by the next attempt.
      retreat(Trouble.lasting(e.getMessage()));
    } catch (RejectedExecutionException _) {
      // Closed meanwhile.
    } catch (RuntimeException e) {
      // Whatever it is, it must not end the attempts.
      retreat(Trouble.passing(e.toString()));
    }
    if (closed) {
      abandon();
    }
  }

  /**
   * Called by the session, on any of its threads; during an attempt this waits for the attempt's
   * end.
   */
  private void lost(int which, Trouble trouble) {
    try {
      connector.execute(() -> {
        if (which == generation) {
          retreat(trouble);
        }
      });
    } catch (RejectedExecutionException _) {
      // Closed meanwhile.
    }
  }

  private void retreat(Trouble trouble) {
    ready = false;
    generation++;
    abandon();
    if (closed) {
      return;
    }
    try {
      dispatcher.execute(() ->
          listener.disconnected("broker %s: %s".formatted(settings.broker(), trouble.reason())));
      Duration pause = pause(trouble);
      failures++;
      ScheduledFuture<?> _ =
          connector.schedule(this::attempt, pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      // Closed meanwhile.
    }
  }

  private Duration pause(Trouble trouble) {
    Reconnection reconnection = settings.reconnection();
    RandomGenerator random = ThreadLocalRandom.current();
    return trouble.lasting()
        ? reconnection.longestPause(random)
        : reconnection.pause(failures, random);
  }

  private void abandon() {
    PahoSession abandoned = session;
    session = null;
    if (abandoned != null) {
      abandoned.abandon();
    }
  }

  @Override
  public CompletableFuture<Delivery> publish(OutgoingMessage message) {
    PahoSession current = session;
    return current == null
        ? CompletableFuture.failedFuture(
            new MqttUnavailableException("there is no connection to broker " + settings.broker()))
        : current.publish(message);
  }

  @Override
  public boolean connected() {
    return ready;
  }

  @Override
  public void unsubscribe() {
    // Also for a connection that is made from now on.
    subscriptions = List.of();
    PahoSession current = session;
    if (ready && current != null) {
      current.unsubscribe();
    }
  }

  @Override
  public void close() {
    closed = true;
    connector.shutdownNow();
    PahoSession last = session;
    if (ready && last != null) {
      ready = false;
      last.close();
    }
    dispatcher.shutdown();
  }
}
