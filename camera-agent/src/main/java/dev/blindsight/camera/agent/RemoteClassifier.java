package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.MqttRefusedException;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.spool.Spool;
import dev.blindsight.camera.spool.SpoolEntry;
import dev.blindsight.camera.spool.SpoolListener;
import dev.blindsight.camera.spool.SpoolLoss;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.camera.spool.SpoolStatus;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks workers over MQTT by request and response (MQTT 5 section 4.10), and loses no request: each
 * goes to the spool first, from there to a worker as soon as fewer than the window are on their
 * way, and leaves the spool only when its answer is out. Nothing less releases it, for an
 * acknowledgement of the broker does not survive the broker.
 *
 * <p>A request is sent again until its reply is there; its id makes that harmless, since workers
 * answer a repeated id without working twice, and a second reply is only counted. What an earlier
 * process has left in the spool is asked like all else.
 *
 * <p>All state belongs to one thread; the public methods hand over to it.
 */
final class RemoteClassifier implements AutoCloseable, SpoolListener {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteClassifier.class);
  private static final String SPOOL_FOLDER = "spool";
  private static final String NO_WORKER =
      "no worker is connected to the broker: start one, `blindsight worker`";
  private static final String CLOSED = "the agent is closing";

  private final Setup setup;
  private final Problems problems;
  private final ResendPauses pauses;
  private final Outstanding asked = new Outstanding();
  private final Outstanding inherited = new Outstanding();
  private final ExecutorService own;
  private final Spool spool;
  private final Outbox outbox;
  private final LongAdder duplicated = new LongAdder();
  private final LongAdder resent = new LongAdder();
  private final LongAdder rejected = new LongAdder();

  // Of the own thread alone.
  private final Map<String, RemoteRequest> requests = new HashMap<>();
  private int occupied;
  private boolean connected;
  private boolean closed;

  /**
   * What the classifier works with.
   *
   * @param address whose requests they are
   * @param channel how they travel; closed by the caller, after the classifier
   * @param fallsBack whether somebody else can answer, so that requests need not wait for ever
   * @param timers runs repetitions and deadlines
   * @param outcomes runs what is told of each request, in order
   * @param publisher sends a message
   * @param restored deals with a request of an earlier process
   */
  record Setup(
      DeviceAddress address,
      RemoteSettings settings,
      SpoolSettings spool,
      RemoteChannel channel,
      boolean fallsBack,
      ScheduledExecutorService timers,
      Executor outcomes,
      Function<OutgoingMessage, CompletableFuture<Delivery>> publisher,
      Restoration restored) {}

  /** Deals with requests of an earlier process. */
  interface Restoration {
    /** Who is told of a request that has been read from the disk. */
    RemoteOutcome of(ReadoutRequest request);

    /** A request is lost that nobody has read. */
    void lost(String reason);
  }

  /**
   * @throws UserError when the spool cannot be opened
   */
  RemoteClassifier(Setup setup, Problems problems) {
    this.setup = setup;
    this.problems = problems;
    this.pauses = new ResendPauses(setup.settings().resend());
    this.own =
        Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("remote-" + setup.address()).factory());
    this.spool =
        Spool.open(
            setup.channel().state().resolve(SPOOL_FOLDER),
            setup.spool(),
            setup.channel().atRest(),
            InstantSource.system(),
            this);
    this.outbox =
        new Outbox(setup.address(), setup.channel(), setup.publisher(), this::run, this::published);
    inherited.begin(spool.status().entries());
  }

  /**
   * Asks for an answer, and returns at once.
   *
   * @param outcome told what becomes of it
   */
  void ask(ReadoutRequest request, RemoteOutcome outcome) {
    asked.begin(1);
    CompletableFuture<Long> kept = new CompletableFuture<>();
    RemoteRequest fresh = new RemoteRequest(request.requestId(), outcome, kept);
    CompletableFuture<Void> _ =
        kept.handle((_, failure) -> {
          if (failure == null) {
            outcome.spooled();
          } else {
            run(() -> fail(fresh, String.valueOf(failure.getMessage())));
          }
          return null;
        });
    run(() -> begin(fresh));
    spool.append(ReadoutRequestCodec.encode(request), kept);
  }

  private void begin(RemoteRequest request) {
    requests.put(request.id(), request);
    if (!setup.fallsBack()) {
      return;
    }
    if (closed) {
      fail(request, CLOSED);
      return;
    }
    Duration deadline = setup.settings().deadline();
    String reason = "no worker has answered within %d ms".formatted(deadline.toMillis());
    after(deadline, () -> fail(request, reason)).ifPresent(request::endsBy);
  }

  /** What became of what was asked. */
  RemoteCounters counters() {
    SpoolStatus status = spool.status();
    return new RemoteCounters(
        status.refused(),
        status.expired(),
        resent.sum(),
        duplicated.sum(),
        rejected.sum(),
        status.entries(),
        status.bytes());
  }

  /**
   * Waits until everything is answered or lost; once stopped, until that goes for all that need not
   * stay in the spool.
   */
  void awaitNone() throws InterruptedException {
    asked.await();
    inherited.await();
  }

  /** The broker is there: what is on its way is sent again at once. */
  void connected() {
    run(() -> {
      connected = true;
      List.copyOf(requests.values()).forEach(this::send);
      fill();
    });
  }

  /** The broker is gone: what was asked by this process fails, if somebody else can answer it. */
  void disconnected(String reason) {
    run(() -> {
      connected = false;
      outbox.clear();
      failAllIfSomebodyElseAnswers(reason);
    });
  }

  /** Takes a message from the reply topic. */
  void replied(IncomingMessage message) {
    message.acknowledge();
    run(() -> received(message));
  }

  /** Fails what somebody else can answer, now and from now on; the rest stays in the spool. */
  void stop() {
    run(() -> {
      closed = true;
      connected = false;
      failAllIfSomebodyElseAnswers(CLOSED);
      inherited.abandon();
      if (!setup.fallsBack()) {
        asked.abandon();
      }
    });
  }

  /** Waits for what it has begun, and begins nothing more. */
  void join() {
    own.close();
  }

  /** Closes the spool: when nothing is to be told or released any more. */
  @Override
  public void close() {
    spool.close();
  }

  private void run(Runnable task) {
    try {
      own.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException e) {
          // Whatever it is, the other requests must go on.
          LOG.error("{}", setup.address(), e);
        }
      });
    } catch (RejectedExecutionException _) {
      // Closing: what waits stays in the spool.
    }
  }

  private Optional<Future<?>> after(Duration pause, Runnable task) {
    try {
      return Optional.of(
          setup.timers().schedule(() -> run(task), pause.toNanos(), TimeUnit.NANOSECONDS));
    } catch (RejectedExecutionException _) {
      // Closing: what waits stays in the spool.
      return Optional.empty();
    }
  }

  /** Takes as much from the spool as may be on its way. */
  private void fill() {
    while (connected && occupied < setup.settings().windowOrDefault()) {
      occupied++;
      CompletableFuture<Void> _ = spool.take().thenAccept(entry -> run(() -> taken(entry)));
    }
  }

  private void taken(SpoolEntry entry) {
    ReadoutRequest message;
    try {
      message = ReadoutRequestCodec.decode(entry.content());
    } catch (MalformedMessageException e) {
      LOG.warn("{}: no request: {}", setup.address(), e.getMessage());
      vacate();
      forget(entry.id(), "it cannot be read");
      spool.release(entry.id());
      return;
    } finally {
      Arrays.fill(entry.content(), (byte) 0);
    }
    RemoteRequest request = requests.get(message.requestId());
    if (request == null && spool.isRestored(entry.id())) {
      request =
          new RemoteRequest(
              message.requestId(),
              setup.restored().of(message),
              CompletableFuture.completedFuture(entry.id()));
      requests.put(request.id(), request);
    }
    if (request == null || request.isSettled()) {
      // Its time was up while it waited.
      vacate();
      return;
    }
    request.taken(message);
    send(request);
  }

  private void vacate() {
    occupied--;
    fill();
  }

  private void send(RemoteRequest request) {
    ReadoutRequest message = request.message();
    if (!connected || request.isSettled() || message == null) {
      return;
    }
    int sent = request.countSent();
    if (sent > 1) {
      resent.increment();
    }
    after(pauses.after(sent, ThreadLocalRandom.current()), () -> send(request))
        .ifPresent(request::repeatsBy);
    byte[] payload;
    try {
      payload = setup.channel().encode(message);
    } catch (UserError e) {
      // It is tried again in its turn.
      problems.report(Problems.Cause.SEALING, e.getMessage());
      return;
    }
    problems.clear(Problems.Cause.SEALING);
    outbox.send(request, payload);
  }

  private void published(
      RemoteRequest request, @Nullable Delivery delivery, @Nullable Throwable failure) {
    if (failure == null) {
      problems.clear(Problems.Cause.RIGHTS);
      if (delivery == Delivery.NO_SUBSCRIBER) {
        problems.report(Problems.Cause.ABSENCE, NO_WORKER);
      }
    } else if (failure instanceof MqttRefusedException refused) {
      String reason = String.valueOf(refused.getMessage());
      problems.report(Problems.Cause.RIGHTS, reason);
      // A right may be given later; a message does not shrink.
      if (setup.fallsBack() || refused.isTooLarge()) {
        fail(request, reason);
      }
    }
    // Whatever else failed is sent again in its turn, or once the broker is back.
  }

  private void received(IncomingMessage message) {
    try {
      SealedBatchCodec.payloads(message.contentType(), message.payload()).forEach(this::received);
    } catch (MalformedMessageException e) {
      reject(String.valueOf(e.getMessage()));
    }
  }

  private void received(byte[] payload) {
    switch (setup.channel().receive(payload)) {
      case RemoteChannel.Reception.Genuine genuine -> replied(genuine.reply());
      case RemoteChannel.Reception.Hint hint ->
          problems.report(Problems.Cause.ADMISSION, "somebody, unsealed, says: " + hint.detail());
      case RemoteChannel.Reception.Rejected reply -> reject(reply.reason());
    }
  }

  private void reject(String reason) {
    rejected.increment();
    LOG.debug("{}: ignored: {}", setup.address(), reason);
  }

  private void replied(ClassificationReply reply) {
    RemoteRequest request = requests.get(reply.requestId());
    ReadoutRequest message = request == null ? null : request.message();
    if (request == null || request.isSettled() || message == null) {
      duplicated.increment();
      return;
    }
    switch (reply.outcome()) {
      case ClassificationReply.Answer answer -> {
        pauses.replied(request.sinceFirstSent());
        List.of(
                Problems.Cause.ADMISSION,
                Problems.Cause.CLOCK,
                Problems.Cause.WORKERS,
                Problems.Cause.ABSENCE)
            .forEach(problems::clear);
        Classification classification = new Classification(answer.top());
        settle(request, () -> request.outcome().answered(message, classification));
      }
      case ClassificationReply.Refusal refusal -> refused(request, refusal);
    }
  }

  private void refused(RemoteRequest request, ClassificationReply.Refusal refusal) {
    String reason = "a worker refuses: " + refusal.detail();
    switch (refusal.reason()) {
      case OVERLOADED -> {
        // It is asked again in its turn.
      }
      case CLOCK -> problems.report(Problems.Cause.CLOCK, reason);
      case NOT_ADMITTED -> problems.report(Problems.Cause.ADMISSION, reason);
      case UNSUPPORTED, MALFORMED, UNKNOWN_MODEL, SPEC_MISMATCH, FAILED -> {
        problems.report(Problems.Cause.WORKERS, reason);
        fail(request, reason);
      }
    }
  }

  private void failAllIfSomebodyElseAnswers(String reason) {
    if (setup.fallsBack()) {
      // Those of an earlier process are no longer waited for: they can wait for the broker.
      List.copyOf(requests.values()).stream()
          .filter(request -> !request.isRestored())
          .forEach(request -> fail(request, reason));
    }
  }

  private void fail(RemoteRequest request, String reason) {
    settle(request, () -> request.outcome().failed(reason));
  }

  /** Lets a request go once what became of it is told and dealt with. */
  private void settle(RemoteRequest request, Supplier<CompletableFuture<?>> telling) {
    if (request.isSettled()) {
      return;
    }
    request.settle();
    if (request.message() != null) {
      vacate();
    }
    setup
        .outcomes()
        .execute(() -> {
          CompletableFuture<Void> _ =
              told(telling)
                  .handle((_, _) -> {
                    CompletableFuture<Void> _ = request.kept().thenAccept(spool::release);
                    run(() -> requests.remove(request.id()));
                    (request.isRestored() ? inherited : asked).end();
                    return null;
                  });
        });
  }

  private CompletableFuture<?> told(Supplier<CompletableFuture<?>> telling) {
    try {
      return telling.get();
    } catch (RuntimeException e) {
      LOG.error("{}", setup.address(), e);
      return CompletableFuture.completedFuture(null);
    }
  }

  @Override
  public void lost(long id, SpoolLoss loss) {
    String reason =
        switch (loss) {
          case EXPIRED -> "it waited longer than the spool keeps readouts";
          case DISPLACED -> "newer readouts needed its room in the spool";
          case DAMAGED -> "it cannot be read from the spool";
        };
    run(() -> forget(id, reason));
  }

  private void forget(long id, String reason) {
    Optional<RemoteRequest> known =
        requests.values().stream().filter(request -> request.isKeptAs(id)).findFirst();
    if (known.isPresent()) {
      fail(known.get(), reason);
    } else if (spool.isRestored(id)) {
      setup
          .outcomes()
          .execute(() -> {
            setup.restored().lost(reason);
            inherited.end();
          });
    }
  }

  @Override
  public void troubled(String reason) {
    problems.report(Problems.Cause.SPOOL, reason);
  }

  @Override
  public void recovered() {
    problems.clear(Problems.Cause.SPOOL);
  }
}
