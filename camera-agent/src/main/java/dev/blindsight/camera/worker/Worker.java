package dev.blindsight.camera.worker;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.ConnectionListener;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.MqttConnection;
import dev.blindsight.camera.mqtt.MqttSettings;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.Reconnection;
import dev.blindsight.camera.mqtt.Subscription;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import dev.blindsight.protocol.topic.TopicFilter;
import dev.blindsight.protocol.topic.TopicKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers readout requests of all devices. All workers of a broker share one subscription, so each
 * request reaches one of them, and more workers answer more. A request is acknowledged once its
 * reply is with the broker: what a worker does not get done before it goes is sent again.
 */
public final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final int REPLIES_REMEMBERED = 8192;
  private static final int REQUESTS_AHEAD = 8;
  private static final Duration REPLY_EXPIRY = Duration.ofMinutes(1);
  private static final long DRAIN_SECONDS = 5;

  private final RequestAnswering answering;
  private final ReplyMemory memory = new ReplyMemory(REPLIES_REMEMBERED);
  private final ExecutorService inferences;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final MqttConnection connection;
  private final LongAdder requests = new LongAdder();
  private final LongAdder answered = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  private Worker(
      String name,
      BrokerAddress broker,
      @Nullable TlsSettings tls,
      List<Model> models,
      int threads) {
    this.answering = new RequestAnswering(name, models);
    this.inferences =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("worker-" + name + "-", 0).factory());
    MqttSettings settings =
        new MqttSettings(
            broker,
            tls,
            "blindsight/worker/%s/%s".formatted(name, UUID.randomUUID().toString().substring(0, 8)),
            null,
            threads + REQUESTS_AHEAD,
            Reconnection.standard());
    this.connection =
        MqttConnection.to(
            settings, List.of(new Subscription(TopicFilter.workers(), this::arrived)), new Log());
  }

  /**
   * Starts a worker; it connects in its own time, and again whenever the connection is lost.
   *
   * @param name in replies and in the log
   * @param broker where requests come from
   * @param models those it answers with; closed by the caller, after the worker
   * @param threads inferences at a time, at least 1
   * @throws dev.blindsight.protocol.UserError when two models have one name
   */
  public static Worker start(String name, BrokerAddress broker, List<Model> models, int threads) {
    return start(name, broker, null, models, threads);
  }

  /**
   * Starts a worker with certificates.
   *
   * @param tls for a broker with TLS; absent, those that Java trusts
   */
  public static Worker start(
      String name,
      BrokerAddress broker,
      @Nullable TlsSettings tls,
      List<Model> models,
      int threads) {
    Worker worker = new Worker(name, broker, tls, models, threads);
    worker.connection.connect();
    return worker;
  }

  /** Completes when the worker is connected for the first time and requests can reach it. */
  public CompletableFuture<Void> ready() {
    return ready.copy();
  }

  /** What it has done so far. */
  public WorkerCounters counters() {
    return new WorkerCounters(
        requests.sum(), answered.sum(), refused.sum(), repeated.sum(), dropped.sum());
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
    try {
      inferences.execute(() -> handle(message));
    } catch (RejectedExecutionException _) {
      // Closing: unacknowledged, the request goes to another worker or is sent again.
    }
  }

  private void handle(IncomingMessage message) {
    requests.increment();
    try {
      DeviceAddress sender = sender(message);
      ReadoutRequest request = ReadoutRequestCodec.decode(message.payload());
      if (!request.address().equals(sender)) {
        throw new MalformedMessageException(
            "readout request on a topic of %s says it is from %s"
                .formatted(sender, request.address()));
      }
      reply(request, message);
    } catch (MalformedMessageException e) {
      dropped.increment();
      LOG.debug("dropped: {}", e.getMessage());
      message.acknowledge();
    }
  }

  /**
   * A device is answered on its own reply topic only, so that no request can make a worker publish
   * anywhere else.
   */
  private static DeviceAddress sender(IncomingMessage message) throws MalformedMessageException {
    Optional<Topic> topic = Topic.parse(message.topic());
    if (topic.isEmpty() || topic.get().kind() != TopicKind.READOUT) {
      throw new MalformedMessageException("no readout topic");
    }
    DeviceAddress sender = topic.get().address();
    if (!new Topic.Reply(sender).render().equals(message.responseTopic())) {
      throw new MalformedMessageException("the response topic is not the reply topic of " + sender);
    }
    return sender;
  }

  private void reply(ReadoutRequest request, IncomingMessage message) {
    CompletableFuture<ClassificationReply> own = new CompletableFuture<>();
    CompletableFuture<ClassificationReply> earlier =
        memory.putIfAbsent(request.address(), request.requestId(), own);
    if (earlier != null) {
      repeated.increment();
      CompletableFuture<Void> _ = earlier.thenAccept(reply -> send(reply, request, message));
      return;
    }
    ClassificationReply reply = answering.answer(request);
    if (reply.outcome() instanceof ClassificationReply.Refusal) {
      refused.increment();
      memory.forget(request.address(), request.requestId());
    } else {
      answered.increment();
    }
    own.complete(reply);
    send(reply, request, message);
  }

  private void send(ClassificationReply reply, ReadoutRequest request, IncomingMessage message) {
    OutgoingMessage.Properties properties =
        new OutgoingMessage.Properties(
            ClassificationReply.CONTENT_TYPE, null, message.correlationData(), REPLY_EXPIRY);
    CompletableFuture<Void> _ =
        connection
            .publish(
                new OutgoingMessage(
                    new Topic.Reply(request.address()).render(),
                    ClassificationReplyCodec.encode(reply),
                    false,
                    properties))
            .handle((_, failure) -> {
              if (failure != null) {
                LOG.debug("reply to {}: {}", request.address(), failure.getMessage());
              }
              // Also after a failure: refused once, it would be refused again; lost with the
              // connection, the
              // request is lost with it and its device repeats it.
              message.acknowledge();
              return null;
            });
  }

  /** Takes no further requests, waits a little for those in hand, and disconnects. */
  @Override
  public void close() {
    inferences.shutdown();
    try {
      if (!inferences.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("closing with requests in hand; their devices will repeat them");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
