package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.mqtt.ConnectionListener;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.MqttConnection;
import dev.blindsight.camera.mqtt.MqttRefusedException;
import dev.blindsight.camera.mqtt.MqttSettings;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.Presence;
import dev.blindsight.camera.mqtt.Subscription;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ResultMessage;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import dev.blindsight.protocol.topic.TopicFilter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop on a device: takes an exposure, has it answered on the device or by a worker, publishes
 * the answer. When the broker is gone it goes on with the model on the device, where there is one,
 * and marks those answers; where there is none, readouts wait in the spool.
 */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final Duration DIAGNOSTICS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration PROBLEM_PAUSE = Duration.ofMillis(500);
  private static final Duration IDLE_INTERVAL = Duration.ofSeconds(1);
  private static final Duration DRAIN = Duration.ofSeconds(5);
  private static final String PROBLEM = "problem";
  private static final String GUARANTEE = "guarantee";
  private static final String IDLE = "idle";
  private static final int MESSAGES_AHEAD = 64;

  private final AgentSetup setup;
  private final DeviceAddress address;
  private final List<AgentListener> listeners;
  private final AnswerBook book;
  private final Answering answering;
  private final Problems problems;
  private final AtomicBoolean problemDue = new AtomicBoolean();
  private final AtomicReference<String> idleShown = new AtomicReference<>("");
  private final ScheduledThreadPoolExecutor timers;
  private final ExecutorService outcomes;
  private final @Nullable RemoteClassifier remote;
  private final MqttConnection connection;
  private final Semaphore window;
  private final CaptureLoop loop;
  private final @Nullable ChangeGate gate;
  private final @Nullable Events events;
  private final Thread capture;
  private final CountDownLatch connectionTried = new CountDownLatch(1);
  private final CompletableFuture<AgentCounters> finished = new CompletableFuture<>();
  private AgentState state = AgentState.STARTING;

  private Agent(AgentSetup setup, List<AgentListener> listeners) {
    this.setup = setup;
    this.address = setup.address();
    this.listeners = List.copyOf(listeners);
    this.book = new AnswerBook(setup.spec(), setup.sensor().guarantee(), this.listeners);
    this.gate =
        setup.gate() == null ? null : new ChangeGate(setup.gate(), setup.spec(), System::nanoTime);
    this.events = setup.events() == null ? null : new Events(setup.events(), this::publishEvent);
    this.answering = new Answering(setup, book, events, this::publishResult);
    this.problems = new Problems(address, this::showProblemSoon);
    String name = "agent-" + address.device();
    this.timers =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name(name + "-timers").factory());
    timers.setRemoveOnCancelPolicy(true);
    this.outcomes =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name(name + "-outcomes").factory());
    this.window = new Semaphore(setup.remote().windowOrDefault());
    RemoteChannel channel = setup.channel();
    this.remote = setup.route() == Route.LOCAL || channel == null ? null : remote(channel);
    this.connection =
        MqttConnection.to(
            new MqttSettings(
                setup.broker(),
                setup.tls(),
                "blindsight/" + address,
                new Presence(new Topic.Status(address).render(), Map.of(GUARANTEE, guarantee())),
                MESSAGES_AHEAD,
                setup.reconnection()),
            remote == null
                ? List.of()
                : List.of(
                    new Subscription(TopicFilter.only(new Topic.Reply(address)), remote::replied)),
            new Link());
    Model model = setup.model();
    List<String> labels = model == null ? List.of() : model.card().labels();
    this.loop =
        new CaptureLoop(
            setup.sensor(), labels, setup.interval(), setup.exposures(), name + "-sensor");
    this.capture = Thread.ofPlatform().daemon().name(name + "-capture").unstarted(this::captureAll);
  }

  private RemoteClassifier remote(RemoteChannel channel) {
    return new RemoteClassifier(
        new RemoteClassifier.Setup(
            address,
            setup.remote(),
            setup.spool(),
            channel,
            setup.model() != null,
            timers,
            outcomes,
            this::publish,
            new Earlier()),
        problems);
  }

  /**
   * Starts an agent. It captures from its first attempt to reach the broker on, whether that
   * succeeds or not. What an earlier process has left in the spool is answered too.
   *
   * @param listeners told of every answer and every change of state; without any, nothing is made
   *     for them
   * @throws dev.blindsight.protocol.UserError when the spool cannot be opened, or another agent
   *     uses it
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
    ScheduledFuture<?> _ =
        agent.timers.scheduleWithFixedDelay(
            agent::showIdle,
            IDLE_INTERVAL.toNanos(),
            IDLE_INTERVAL.toNanos(),
            TimeUnit.NANOSECONDS);
    return agent;
  }

  /**
   * Completes with the final counters when the source has ended and every readout has its answer or
   * is lost, those that an earlier process has left in the spool included.
   */
  public CompletableFuture<AgentCounters> finished() {
    return finished.copy();
  }

  /** What became of the exposures so far. */
  public AgentCounters counters() {
    return book.counters(asked(), loop.dropped());
  }

  private RemoteCounters asked() {
    return remote == null ? RemoteCounters.NONE : remote.counters();
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
      problems.clear(Problems.Cause.CONNECTION);
      if (remote != null) {
        remote.connected();
      }
      if (problems.current() != null) {
        showProblemSoon();
      }
      publishDiagnostics();
      connectionTried.countDown();
    }

    @Override
    public void disconnected(String reason) {
      problems.report(Problems.Cause.CONNECTION, reason);
      enter(AgentState.DEGRADED, reason);
      if (remote != null) {
        remote.disconnected(reason);
      }
      connectionTried.countDown();
    }
  }

  /** Deals with what an earlier process has left in the spool. */
  private final class Earlier implements RemoteClassifier.Restoration {
    @Override
    public RemoteOutcome of(ReadoutRequest request) {
      return new Question(
          answering,
          Exposed.earlier(request.capturedAt(), Instant.now()),
          setup.model() == null ? null : Question.readoutOf(request),
          null,
          () -> {},
          () -> {});
    }

    @Override
    public void lost(String reason) {
      answering.lose(reason);
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
              problems.clear(Problems.Cause.SENSOR);
              consider(captured);
            }

            @Override
            public void failed(String reason) {
              book.failed();
              problems.report(Problems.Cause.SENSOR, reason);
            }
          });
      if (remote != null) {
        remote.awaitNone();
      }
      if (events != null) {
        events.stopped(Instant.now());
      }
      enter(AgentState.STOPPED, "");
      finished.complete(counters());
    } catch (InterruptedException | RuntimeException e) {
      LOG.error("{}: the loop failed", address, e);
      enter(AgentState.STOPPED, e.toString());
      finished.completeExceptionally(e);
    }
  }

  private void consider(Captured captured) throws InterruptedException {
    if (gate == null || gate.passes(captured.readout())) {
      route(captured);
      return;
    }
    if (events != null) {
      events.unchanged(captured.readout().capturedAt());
    }
    captured.readout().close();
    book.unchanged();
  }

  private void route(Captured captured) throws InterruptedException {
    if (remote == null) {
      answerHere(captured, false);
    } else if (setup.route() == Route.AUTO) {
      answerHereOrAsk(captured, remote);
    } else if (canAsk()) {
      ask(captured, null, remote);
    } else {
      answerHere(captured, true);
    }
  }

  /** Without a model on the device, readouts wait for a lost broker. */
  private boolean canAsk() {
    return connection.connected() || setup.model() == null;
  }

  private void answerHere(Captured captured, boolean fallback) {
    Optional<Classification> answer = answering.locally(captured.readout());
    if (answer.isPresent()) {
      CompletableFuture<?> _ =
          answering.local(captured.readout(), captured.exposed(), answer.get(), fallback);
    } else {
      captured.readout().close();
      answering.lose("the model on the device failed");
    }
  }

  private void answerHereOrAsk(Captured captured, RemoteClassifier workers)
      throws InterruptedException {
    Classification own = answering.locally(captured.readout()).orElse(null);
    boolean sure = own != null && own.margin() >= setup.remote().marginOrDefault();
    if (own != null && (sure || !canAsk())) {
      CompletableFuture<?> _ = answering.local(captured.readout(), captured.exposed(), own, !sure);
    } else {
      ask(captured, own, workers);
    }
  }

  private void ask(Captured captured, @Nullable Classification doubtful, RemoteClassifier workers)
      throws InterruptedException {
    // A source that has no pace of its own is played as fast as it is answered.
    boolean paced = setup.interval().isZero();
    if (paced) {
      window.acquire();
    }
    Readout readout = captured.readout();
    long sequence = readout.sequence();
    boolean onDisk = setup.model() == null;
    ReadoutRequest request =
        ReadoutRequest.plain(
            UUID.randomUUID().toString(), address.site(), setup.remoteModelId(), readout);
    if (onDisk) {
      readout.close();
    }
    workers.ask(
        request,
        new Question(
            answering,
            captured.exposed(),
            onDisk ? null : readout,
            doubtful,
            () -> listeners.forEach(listener -> listener.spooled(address.device(), sequence)),
            paced ? window::release : () -> {}));
  }

  private CompletableFuture<?> publishResult(ResultMessage result) {
    return published(message(new Topic.Result(address), result.toJson()))
        .thenAccept(failure -> {
          if (failure.isEmpty()) {
            problems.clear(Problems.Cause.RESULTS);
          } else if (failure.get() instanceof MqttRefusedException refused) {
            problems.report(Problems.Cause.RESULTS, String.valueOf(refused.getMessage()));
          }
        });
  }

  private void publishEvent(EventMessage event) {
    CompletableFuture<?> _ = published(message(new Topic.Event(address), event.toJson()));
  }

  private String guarantee() {
    return setup.sensor().guarantee().name().toLowerCase(Locale.ROOT);
  }

  private MemoryProtection protection() {
    MemoryProtection sensor = setup.sensor().protection();
    return gate == null ? sensor : sensor.and(gate.protection());
  }

  private void publishDiagnostics() {
    Model model = setup.model();
    DiagnosticsMessage message =
        DiagnosticsMessage.of(
            state(),
            setup.sensor(),
            protection(),
            counters(),
            asked(),
            problems.current(),
            model == null ? null : model.provider());
    CompletableFuture<?> _ = published(message(new Topic.Diagnostics(address), message.toJson()));
  }

  /** Problems come and go with single readouts; people are told at a pace they can follow. */
  private void showProblemSoon() {
    if (!problemDue.compareAndSet(false, true)) {
      return;
    }
    try {
      ScheduledFuture<?> _ =
          timers.schedule(this::showProblem, PROBLEM_PAUSE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException _) {
      // Closing.
    }
  }

  private void showIdle() {
    String idle = setup.sensor().idle().orElse("");
    if (!idle.equals(idleShown.getAndSet(idle))) {
      showProblemSoon();
    }
  }

  private void showProblem() {
    problemDue.set(false);
    publishDiagnostics();
    String problem = problems.current();
    Map<String, String> properties = new HashMap<>();
    properties.put(GUARANTEE, guarantee());
    if (problem != null) {
      properties.put(PROBLEM, problem);
    }
    setup.sensor().idle().ifPresent(idle -> properties.put(IDLE, idle));
    CompletableFuture<?> _ =
        published(
            new OutgoingMessage(
                new Topic.Status(address).render(),
                Presence.ONLINE.getBytes(StandardCharsets.UTF_8),
                true,
                OutgoingMessage.Properties.user(properties)));
  }

  private static OutgoingMessage message(Topic topic, String json) {
    return OutgoingMessage.of(topic.render(), json.getBytes(StandardCharsets.UTF_8), false);
  }

  /**
   * What is said of the moment is not kept for a broker that is gone.
   *
   * @return completes with the failure, if any
   */
  private CompletableFuture<Optional<Throwable>> published(OutgoingMessage message) {
    return publish(message)
        .handle((_, failure) -> {
          if (failure != null) {
            LOG.debug("{}: not published: {}", message.topic(), failure.getMessage());
          }
          return Optional.ofNullable(failure);
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
   * Takes no further exposure, answers what still waits on the device, where it can, and leaves the
   * rest in the spool; says farewell to the broker and closes the sensor.
   */
  @Override
  public void close() {
    loop.stop();
    setup.sensor().close();
    connectionTried.countDown();
    // Whatever is captured just now goes its way at once.
    window.release(setup.remote().windowOrDefault() + 1);
    if (remote != null) {
      remote.stop();
    }
    await(capture);
    if (remote != null) {
      remote.join();
    }
    outcomes.close();
    timers.shutdownNow();
    connection.close();
    if (remote != null) {
      remote.close();
    }
    if (setup.channel() != null) {
      setup.channel().close();
    }
    if (gate != null) {
      gate.close();
    }
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
