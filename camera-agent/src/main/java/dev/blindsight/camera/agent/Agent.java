package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.camera.inference.InferenceException;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.ConnectionListener;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.MqttConnection;
import dev.blindsight.camera.mqtt.MqttSettings;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.Presence;
import dev.blindsight.camera.mqtt.Subscription;
import dev.blindsight.protocol.message.ResultMessage;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import dev.blindsight.protocol.topic.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop on a device: takes an exposure, has it answered on the device or by a worker, publishes
 * the answer. When the broker is gone it goes on with the model on the device, where there is one,
 * and marks those answers local.
 */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final Duration DIAGNOSTICS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration DRAIN = Duration.ofSeconds(5);
  private static final int MOST_CANDIDATES = 10;
  private static final int MESSAGES_AHEAD = 64;

  private final AgentSetup setup;
  private final DeviceAddress address;
  private final List<AgentListener> listeners;
  private final AnswerBook book;
  private final ScheduledThreadPoolExecutor timers;
  private final ExecutorService outcomes;
  private final RemoteClassifier remote;
  private final MqttConnection connection;
  private final Semaphore window;
  private final CaptureLoop loop;
  private final Thread capture;
  private final CountDownLatch connectionTried = new CountDownLatch(1);
  private final CompletableFuture<AgentCounters> finished = new CompletableFuture<>();
  private AgentState state = AgentState.STARTING;

  private Agent(AgentSetup setup, List<AgentListener> listeners) {
    this.setup = setup;
    this.address = setup.address();
    this.listeners = List.copyOf(listeners);
    this.book = new AnswerBook(setup.spec(), setup.sensor().guarantee(), this.listeners);
    String name = "agent-" + address.device();
    this.timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name(name + "-timers").factory());
    timers.setRemoveOnCancelPolicy(true);
    this.outcomes =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name(name + "-outcomes").factory());
    this.window = new Semaphore(setup.remote().windowOrDefault());
    this.remote =
        new RemoteClassifier(
            address, setup.modelId(), setup.remote(), setup.model() == null, timers, this::publish);
    this.connection =
        MqttConnection.to(
            new MqttSettings(
                setup.broker(),
                setup.tls(),
                "blindsight/" + address,
                new Presence(new Topic.Status(address).render()),
                MESSAGES_AHEAD,
                setup.reconnection()),
            List.of(new Subscription(TopicFilter.only(new Topic.Reply(address)), remote::replied)),
            new Link());
    Model model = setup.model();
    List<String> labels = model == null ? List.of() : model.card().labels();
    this.loop = new CaptureLoop(setup.sensor(), labels, setup.interval(), setup.exposures());
    this.capture = Thread.ofPlatform().daemon().name(name + "-capture").unstarted(this::captureAll);
  }

  /**
   * Starts an agent. It captures from its first attempt to reach the broker on, whether that
   * succeeds or not.
   *
   * @param listeners told of every answer and every change of state; without any, nothing is made
   *     for them
   */
  public static Agent start(AgentSetup setup, List<AgentListener> listeners) {
    Agent agent = new Agent(setup, listeners);
    agent.tell(AgentState.STARTING, "");
    agent.connection.connect();
    agent.capture.start();
    ScheduledFuture<?> _ =
        agent.timers.scheduleWithFixedDelay(
            agent::publishDiagnostics,
            DIAGNOSTICS_INTERVAL.toNanos(),
            DIAGNOSTICS_INTERVAL.toNanos(),
            TimeUnit.NANOSECONDS);
    return agent;
  }

  /**
   * Completes with the final counters when the source has ended and every readout has its answer or
   * is lost.
   */
  public CompletableFuture<AgentCounters> finished() {
    return finished.copy();
  }

  /** What became of the exposures so far. */
  public AgentCounters counters() {
    return book.counters(remote.duplicated());
  }

  /** What the agent is doing. */
  public synchronized AgentState state() {
    return state;
  }

  /** Follows the connection to the broker. */
  private final class Link implements ConnectionListener {
    @Override
    public void connected() {
      if (state() == AgentState.DEGRADED) {
        LOG.warn("{}: the broker is back", address);
      }
      enter(AgentState.RUNNING, "");
      remote.sendAgain();
      publishDiagnostics();
      connectionTried.countDown();
    }

    @Override
    public void disconnected(String reason) {
      if (state() != AgentState.DEGRADED) {
        LOG.warn(
            "{}: {}: {} until it is back",
            address,
            reason,
            setup.model() == null ? "readouts wait" : "going on with the model on the device");
      }
      enter(AgentState.DEGRADED, reason);
      remote.unavailable(reason);
      connectionTried.countDown();
    }
  }

  private void captureAll() {
    try {
      connectionTried.await();
      loop.run(
          new CaptureLoop.Receiver() {
            @Override
            public void captured(Captured captured) throws InterruptedException {
              book.captured();
              route(captured);
            }

            @Override
            public void failed(String reason) {
              book.failed();
            }
          });
      // All that was asked has been answered once the whole window is free.
      window.acquire(setup.remote().windowOrDefault());
      enter(AgentState.STOPPED, "");
      finished.complete(counters());
    } catch (InterruptedException | RuntimeException e) {
      LOG.error("{}: the loop failed", address, e);
      enter(AgentState.STOPPED, e.toString());
      finished.completeExceptionally(e);
    }
  }

  private void route(Captured captured) throws InterruptedException {
    boolean remotely =
        setup.route() == Route.REMOTE && (connection.connected() || setup.model() == null);
    if (!remotely) {
      answerHere(captured);
      return;
    }
    window.acquire();
    CompletableFuture<Void> _ =
        remote
            .classify(captured.readout())
            .handleAsync(
                (answer, failure) -> {
                  try {
                    arrived(captured, answer, failure);
                  } finally {
                    window.release();
                  }
                  return null;
                },
                outcomes);
  }

  private void arrived(
      Captured captured, @Nullable Classification answer, @Nullable Throwable failure) {
    if (answer != null) {
      answered(captured, answer, Route.REMOTE, setup.modelId());
    } else {
      LOG.debug(
          "{}: readout {}: {}", address, captured.readout().sequence(), String.valueOf(failure));
      answerHere(captured);
    }
  }

  private void answerHere(Captured captured) {
    Model model = setup.model();
    if (model == null) {
      lose(captured, "no worker answered and there is no model on the device");
      return;
    }
    try {
      Classification answer = model.classify(captured.readout(), MOST_CANDIDATES);
      answered(captured, answer, Route.LOCAL, model.id());
    } catch (InferenceException e) {
      lose(captured, String.valueOf(e.getMessage()));
    }
  }

  private void lose(Captured captured, String reason) {
    if (book.lost()) {
      LOG.warn(
          "{}: readout {} is lost: {}; further ones are counted",
          address,
          captured.readout().sequence(),
          reason);
    }
    captured.readout().close();
  }

  private void answered(Captured captured, Classification answer, Route route, String modelId) {
    Duration latency = Duration.ofNanos(System.nanoTime() - captured.nanoTime());
    try (Readout readout = captured.readout()) {
      book.answered(captured, answer, route, latency);
      publishResult(readout, answer, route, latency, modelId);
    }
  }

  private void publishResult(
      Readout readout, Classification answer, Route route, Duration latency, String modelId) {
    ResultMessage result =
        new ResultMessage(
            answer.top().label(),
            answer.top().probability(),
            null,
            answer.labels().subList(0, Math.min(MOST_CANDIDATES, answer.labels().size())),
            switch (route) {
              case LOCAL -> ResultMessage.Source.LOCAL;
              case REMOTE -> ResultMessage.Source.REMOTE;
            },
            latency.toNanos() / 1e6,
            readout.sequence(),
            readout.capturedAt(),
            readout.guarantee(),
            modelId,
            readout.specId());
    publish(new Topic.Result(address), result.toJson());
  }

  private void publishDiagnostics() {
    Model model = setup.model();
    DiagnosticsMessage message =
        DiagnosticsMessage.of(
            state(),
            setup.sensor().guarantee(),
            counters(),
            remote.waiting(),
            model == null ? null : model.provider());
    publish(new Topic.Diagnostics(address), message.toJson());
  }

  /** What is said of the moment is not kept for a broker that is gone. */
  private void publish(Topic topic, String json) {
    CompletableFuture<Void> _ =
        publish(OutgoingMessage.of(topic.render(), json.getBytes(StandardCharsets.UTF_8), false))
            .handle((_, failure) -> {
              if (failure != null) {
                LOG.debug("{}: not published: {}", topic.render(), failure.getMessage());
              }
              return null;
            });
  }

  private CompletableFuture<Delivery> publish(OutgoingMessage message) {
    return connection.publish(message);
  }

  private void enter(AgentState next, String detail) {
    synchronized (this) {
      if (state == next || state == AgentState.STOPPED) {
        return;
      }
      state = next;
    }
    tell(next, detail);
  }

  private void tell(AgentState now, String detail) {
    listeners.forEach(listener -> listener.stateChanged(address.device(), now, detail));
  }

  /**
   * Takes no further exposure, answers what still waits on the device, where it can, says farewell
   * to the broker and closes the sensor.
   */
  @Override
  public void close() {
    loop.stop();
    setup.sensor().close();
    connectionTried.countDown();
    remote.close();
    await(capture);
    outcomes.close();
    timers.shutdownNow();
    connection.close();
  }

  private static void await(Thread thread) {
    try {
      if (!thread.join(DRAIN)) {
        LOG.warn("{} does not end", thread.getName());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
