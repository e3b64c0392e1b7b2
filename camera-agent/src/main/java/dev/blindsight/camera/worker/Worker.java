package dev.blindsight.camera.worker;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.ConnectionListener;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.MqttConnection;
import dev.blindsight.camera.mqtt.MqttSettings;
import dev.blindsight.camera.mqtt.Reconnection;
import dev.blindsight.camera.mqtt.Subscription;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.seal.OpenedRequest;
import dev.blindsight.protocol.seal.ReplySealer;
import dev.blindsight.protocol.seal.RequestOpener;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.TopicFilter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers readout requests of all devices. All workers of a broker share one subscription, so each
 * request reaches one of them, and more workers answer more. A request is acknowledged once its
 * reply is with the broker: what a worker does not get done before it goes is sent again.
 *
 * <p>The broker has no more unacknowledged requests on their way to a worker than its threads
 * answer in their next two runs: what the worker holds is bounded by that, and what it cannot do
 * yet waits at the broker, where others can take it.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final int REPLIES_REMEMBERED = 8192;
  private static final Duration DRAIN = Duration.ofSeconds(5);

  /** How long the broker is given to send what it had set aside for this worker. */
  private static final Duration QUIET = Duration.ofMillis(100);

  private static final int MOST_UNACKNOWLEDGED = 65_535;
  private static final int MOST_WAITING = 2048;
  private static final int MOST_BYTES_WAITING = 16 << 20;

  private final List<ServedModel> models;
  private final InferenceCrew crew;
  private final RequestIntake intake;
  private final RequestAnswering answering;
  private final ReplySending replies;
  private final RejectionNotice rejections;
  private final ReplyMemory memory = new ReplyMemory(REPLIES_REMEMBERED);
  private final InHand inHand = new InHand();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final MqttConnection connection;
  private final Tally tally = new Tally();

  private Worker(WorkerSetup setup, List<ServedModel> models) {
    this.models = models;
    int capacity = capacity(models, setup.threads());
    this.crew =
        new InferenceCrew(
            setup.name(),
            models,
            setup.threads(),
            mostWaiting(setup.models(), capacity),
            Duration.ofNanos(1_000L * setup.batch().delayMicrosOrDefault()));
    Admission admission = setup.admission();
    InstantSource clock = InstantSource.system();
    this.intake =
        new RequestIntake(new RequestOpener(admission.devices(), admission.freshness(), clock));
    this.answering =
        new RequestAnswering(
            setup.name(),
            setup.models().stream().map(Model::card).toList(),
            crew,
            admission.devices(),
            admission.acceptsPlain());
    MqttSettings settings =
        new MqttSettings(
            setup.broker(),
            setup.tls(),
            "blindsight/worker/%s/%s"
                .formatted(setup.name(), UUID.randomUUID().toString().substring(0, 8)),
            null,
            capacity,
            Reconnection.standard());
    this.connection =
        MqttConnection.to(
            settings, List.of(new Subscription(TopicFilter.workers(), this::arrived)), new Log());
    this.replies = new ReplySending(new ReplySealer(admission.devices()), connection::publish);
    this.rejections = new RejectionNotice(setup.name(), replies, clock);
  }

  /**
   * Starts a worker; it connects in its own time, and again whenever the connection is lost. Tries
   * first how many readouts each model best answers together.
   *
   * @throws UserError when two models have one name
   * @throws dev.blindsight.camera.inference.InferenceException when a model fails
   */
  public static Worker start(WorkerSetup setup) {
    requireDistinct(setup.models());
    int largest = setup.batch().largestOrDefault();
    List<ServedModel> models =
        setup.models().stream()
            .map(model -> new ServedModel(model, BatchPlan.measure(model, largest)))
            .toList();
    Worker worker = new Worker(setup, models);
    worker.connection.connect();
    return worker;
  }

  private static void requireDistinct(List<Model> models) {
    Set<String> names = new HashSet<>();
    for (Model model : models) {
      if (!names.add(model.id())) {
        throw new UserError("two models are named %s: give each name once".formatted(model.id()));
      }
    }
  }

  /** For each thread the run it is at and the next, and one request on its way either way. */
  private static int capacity(List<ServedModel> models, int threads) {
    int largest = models.stream().mapToInt(served -> served.plan().largest()).max().orElseThrow();
    return Math.min(MOST_UNACKNOWLEDGED, threads * 2 * (largest + 1));
  }

  /**
   * More than the broker may send: after a reconnection the new connection's requests meet those of
   * the old one, and Mosquitto 2.0 forgets the receive maximum after the first acknowledgement.
   */
  private static int mostWaiting(List<Model> models, int capacity) {
    int longest = models.stream().mapToInt(model -> model.card().inputLength()).max().orElseThrow();
    return Math.max(2 * capacity, Math.min(MOST_WAITING, MOST_BYTES_WAITING / longest));
  }

  /** Completes when the worker is connected for the first time and requests can reach it. */
  public CompletableFuture<Void> ready() {
    return ready.copy();
  }

  /** What it has done so far. */
  public WorkerCounters counters() {
    return tally.sums();
  }

  /** How many requests it has held unacknowledged at the same time at most. */
  long mostHeld() {
    return inHand.most();
  }

  /** Each model by name, what it runs on, and how many readouts it answers together. */
  public List<String> models() {
    return models.stream()
        .map(served ->
            "%s on %s, up to %d together"
                .formatted(served.model().id(), served.model().provider(), served.plan().largest()))
        .toList();
  }

  private final class Log implements ConnectionListener {
    private boolean gone;

    @Override
    public void connected() {
      if (gone) {
        LOG.warn("the broker is back");
      }
      gone = false;
      ready.complete(null);
    }

    @Override
    public void disconnected(String reason) {
      if (!gone) {
        LOG.warn("{}: trying again until it is back", reason);
      }
      gone = true;
    }
  }

  private void arrived(IncomingMessage message) {
    inHand.taken();
    DeviceAddress sender;
    List<byte[]> payloads;
    try {
      sender = intake.sender(message);
      payloads = SealedBatchCodec.payloads(message.contentType(), message.payload());
    } catch (MalformedMessageException e) {
      tally.requests.increment();
      drop(e);
      done(message);
      return;
    }
    List<CompletableFuture<Optional<ReplySending.Payload>>> made = new ArrayList<>();
    for (byte[] payload : payloads) {
      made.add(reply(sender, message.contentType(), payload));
    }
    afterwards(
        CompletableFuture.allOf(made.toArray(CompletableFuture[]::new))
            .thenCompose(_ ->
                replies.publish(
                    sender,
                    message.correlationData(),
                    made.stream().flatMap(reply -> reply.join().stream()).toList())),
        message);
  }

  /** What there is to say to one payload; empty when that is nothing. */
  private CompletableFuture<Optional<ReplySending.Payload>> reply(
      DeviceAddress sender, @Nullable String contentType, byte[] payload) {
    tally.requests.increment();
    try {
      Asked asked = intake.read(sender, contentType, payload);
      return consider(asked).thenApply(reply -> encoded(asked, reply));
    } catch (SealException e) {
      tally.rejected(e.reason());
      LOG.debug("rejected: {}", e.getMessage());
      return CompletableFuture.completedFuture(rejections.of(sender, e));
    } catch (MalformedMessageException e) {
      drop(e);
      return CompletableFuture.completedFuture(Optional.empty());
    }
  }

  private void drop(MalformedMessageException why) {
    tally.dropped.increment();
    LOG.debug("dropped: {}", why.getMessage());
  }

  private CompletableFuture<ClassificationReply> consider(Asked asked) {
    ReadoutRequest request = asked.request();
    CompletableFuture<ClassificationReply> own = new CompletableFuture<>();
    CompletableFuture<ClassificationReply> earlier =
        memory.putIfAbsent(request.address(), request.requestId(), own);
    if (earlier != null) {
      tally.repeated.increment();
      return earlier;
    }
    return answering
        .answer(asked)
        .thenApply(reply -> {
          count(request, reply);
          own.complete(reply);
          return reply;
        });
  }

  private void count(ReadoutRequest request, ClassificationReply reply) {
    switch (reply.outcome()) {
      case ClassificationReply.Answer _ -> tally.answered.increment();
      case ClassificationReply.Refusal _ -> {
        tally.refused.increment();
        // Another time it may be answered.
        memory.forget(request.address(), request.requestId());
      }
    }
  }

  private Optional<ReplySending.Payload> encoded(Asked asked, ClassificationReply reply) {
    OpenedRequest opened = asked.opened();
    return opened == null ? Optional.of(ReplySending.plain(reply)) : replies.sealed(opened, reply);
  }

  /**
   * Acknowledges a message once all replies to it are with the broker. Also after a failure:
   * refused once, a reply would be refused again; lost with the connection, the request is lost
   * with it and its device repeats it.
   */
  private void afterwards(CompletableFuture<?> reply, IncomingMessage request) {
    CompletableFuture<Void> _ =
        reply.handle((_, failure) -> {
          if (failure != null) {
            LOG.debug("no reply on {}: {}", request.topic(), failure.getMessage());
          }
          done(request);
          return null;
        });
  }

  private void done(IncomingMessage message) {
    message.acknowledge();
    inHand.done();
  }

  /**
   * Ends in order: takes no further requests, so that the broker gives them to others, answers
   * those in hand for a bounded time, and disconnects. What is still unacknowledged then is sent
   * again, by the broker or by its device.
   */
  @Override
  public void close() {
    connection.unsubscribe();
    try {
      if (!inHand.awaitNone(QUIET, DRAIN)) {
        LOG.warn("closing with {} requests in hand: they are sent again", inHand.count());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    connection.close();
    crew.close();
  }
}
