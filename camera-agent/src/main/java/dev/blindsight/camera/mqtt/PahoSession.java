package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.tls.ClientTls;
import dev.blindsight.camera.tls.TlsCredentials;
import dev.blindsight.camera.tls.TlsSettings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.stream.Collectors;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a Paho client, from connecting to its loss. A client is never used for a second
 * one: after a reconnect Paho would send with topic aliases the broker has forgotten
 * (eclipse/paho.mqtt.java issue 1104).
 */
final class PahoSession {
  private static final Logger LOG = LoggerFactory.getLogger(PahoSession.class);
  private static final int QOS = 1;
  private static final int LARGEST_WINDOW = 256;
  private static final int MOST_WAITING = 4096;
  private static final Duration FAREWELL = Duration.ofSeconds(2);

  /** Kept, because java.util.logging forgets the level of a logger that nobody keeps. */
  private static final java.util.logging.Logger STACK_TRACES =
      java.util.logging.Logger.getLogger("org.eclipse.paho.mqttv5.client");

  static {
    // Of failures that Paho reports besides, and that are told in one line.
    STACK_TRACES.setLevel(Level.OFF);
  }

  private final MqttSettings settings;
  private final List<Subscription> subscriptions;
  private final Executor dispatcher;
  private final Consumer<Trouble> lost;
  private final ScheduledExecutorService threads;
  private final MqttAsyncClient client;
  private final @Nullable TlsSocketFactory tlsSockets;
  private final InFlightWindow window;
  private final long largestPacket;
  private final Set<Publication> unfinished = ConcurrentHashMap.newKeySet();
  private final Set<String> refusalsTold = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean over = new AtomicBoolean();

  /**
   * Connects, waiting for the broker's answer; subscribes to nothing yet.
   *
   * @param dispatcher runs handlers and completions, in order
   * @param lost told once when the connection is lost
   * @throws FailedAttemptException when the broker cannot be reached or does not accept the client
   * @throws dev.blindsight.protocol.UserError when a file of the TLS settings cannot be used
   */
  PahoSession(
      MqttSettings settings,
      List<Subscription> subscriptions,
      Executor dispatcher,
      Consumer<Trouble> lost)
      throws FailedAttemptException {
    this.settings = settings;
    this.subscriptions = subscriptions;
    this.dispatcher = dispatcher;
    this.lost = lost;
    ClientTls tls = settings.encrypted() ? tls(settings.tlsOrDefault()) : null;
    this.threads = PahoThreads.of(settings.clientId());
    this.tlsSockets = tls == null ? null : new TlsSocketFactory(tls);
    try {
      this.client =
          new MqttAsyncClient(
              settings.serverUri(), settings.clientId(), new MemoryPersistence(), null, threads);
    } catch (MqttException e) {
      throw new IllegalStateException("Paho does not take " + settings.serverUri(), e);
    }
    try {
      client.setManualAcks(true);
      client.setCallback(new PahoCallback(this::arrived, this::end));
      IMqttToken token = client.connect(options());
      token.waitForCompletion(MqttSettings.CONNECT_TIMEOUT.toMillis());
      Integer receiveMaximum = token.getResponseProperties().getReceiveMaximum();
      int allowed =
          receiveMaximum == null ? LARGEST_WINDOW : Math.min(receiveMaximum, LARGEST_WINDOW);
      this.window = new InFlightWindow(allowed, MOST_WAITING);
      Long largest = token.getResponseProperties().getMaximumPacketSize();
      this.largestPacket = largest == null ? Long.MAX_VALUE : largest;
    } catch (MqttException e) {
      abandon();
      throw new FailedAttemptException(Diagnosis.ofAttempt(e, tls));
    }
  }

  /** Reads the files anew, so that a renewed certificate is used without a restart. */
  private static ClientTls tls(TlsSettings settings) throws FailedAttemptException {
    TlsCredentials credentials = settings.read();
    Optional<String> trouble = credentials.trouble(Instant.now().truncatedTo(ChronoUnit.SECONDS));
    if (trouble.isPresent()) {
      throw new FailedAttemptException(Trouble.lasting(trouble.get()));
    }
    return credentials.client();
  }

  private MqttConnectionOptions options() {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setCleanStart(true);
    options.setSessionExpiryInterval(0L);
    options.setAutomaticReconnect(false);
    options.setReceiveMaximum(settings.receiveMaximum());
    options.setKeepAliveInterval(Math.toIntExact(MqttSettings.KEEP_ALIVE.toSeconds()));
    options.setConnectionTimeout(Math.toIntExact(MqttSettings.CONNECT_TIMEOUT.toSeconds()));
    options.setSocketFactory(tlsSockets == null ? new NoDelaySocketFactory() : tlsSockets);
    options.setHttpsHostnameVerificationEnabled(true);
    // With identifiers Paho looks for listeners of its own instead of calling the one callback.
    options.setUseSubscriptionIdentifiers(false);
    Presence presence = settings.presence();
    if (presence != null) {
      options.setWill(presence.topic(), message(presence(presence, Presence.OFFLINE)));
    }
    return options;
  }

  /**
   * Makes all subscriptions, then announces the client.
   *
   * @throws FailedAttemptException when the connection is lost meanwhile, or the broker refuses a
   *     subscription
   */
  void begin() throws FailedAttemptException {
    for (Subscription subscription : subscriptions) {
      subscribe(subscription.filter().expression());
    }
    Presence presence = settings.presence();
    if (presence != null) {
      CompletableFuture<Delivery> _ = publish(presence(presence, Presence.ONLINE));
    }
  }

  private void subscribe(String filter) throws FailedAttemptException {
    try {
      IMqttToken token = client.subscribe(filter, QOS);
      token.waitForCompletion(MqttSettings.CONNECT_TIMEOUT.toMillis());
      for (int code : token.getReasonCodes()) {
        if (code >= ReasonCode.FIRST_FAILURE) {
          throw new FailedAttemptException(
              new Trouble(
                  "it refuses subscribing to %s: %s".formatted(filter, ReasonCode.describe(code)),
                  ReasonCode.trouble(code).lasting()));
        }
      }
    } catch (MqttException e) {
      throw new FailedAttemptException(Diagnosis.ofLoss(e));
    }
  }

  private static OutgoingMessage presence(Presence presence, String state) {
    return new OutgoingMessage(
        presence.topic(),
        state.getBytes(StandardCharsets.UTF_8),
        true,
        OutgoingMessage.Properties.user(presence.properties()));
  }

  CompletableFuture<Delivery> publish(OutgoingMessage message) {
    Publication publication = new Publication(message);
    unfinished.add(publication);
    if (PacketSize.atMost(message) > largestPacket) {
      // Paho would send it, and the broker would end the connection for it.
      publication.refuse(ReasonCode.PACKET_TOO_LARGE);
    } else if (over.get()) {
      publication.fail("the connection to the broker is lost");
    } else if (!window.send(publication::send)) {
      publication.fail("more than %d messages wait for the broker".formatted(MOST_WAITING));
    }
    return publication.outcome;
  }

  /** One message from its sender's hands to the broker's answer, which comes on Paho's thread. */
  private final class Publication implements MqttActionListener {
    private final OutgoingMessage message;
    private final CompletableFuture<Delivery> outcome = new CompletableFuture<>();

    Publication(OutgoingMessage message) {
      this.message = message;
    }

    void send() {
      try {
        client.publish(message.topic(), message(message), null, this);
      } catch (MqttException e) {
        window.release();
        fail(Diagnosis.describe(e));
      }
    }

    @Override
    public void onSuccess(IMqttToken token) {
      window.release();
      int[] codes = token.getReasonCodes();
      int code = codes == null || codes.length == 0 ? 0 : codes[0];
      dispatch(() -> finish(code));
    }

    private void finish(int code) {
      if (code >= ReasonCode.FIRST_FAILURE) {
        refuse(code);
      } else {
        unfinished.remove(this);
        outcome.complete(
            code == ReasonCode.NO_MATCHING_SUBSCRIBERS
                ? Delivery.NO_SUBSCRIBER
                : Delivery.ACCEPTED);
      }
    }

    @Override
    public void onFailure(IMqttToken token, Throwable exception) {
      window.release();
      fail(Diagnosis.describe(exception));
    }

    void refuse(int code) {
      unfinished.remove(this);
      MqttRefusedException refusal =
          new MqttRefusedException("publishing to " + message.topic(), code);
      if (refusalsTold.add(message.topic())) {
        LOG.warn("broker {}: {}", settings.broker(), refusal.getMessage());
      }
      dispatch(() -> outcome.completeExceptionally(refusal));
    }

    void fail(String reason) {
      unfinished.remove(this);
      dispatch(() -> outcome.completeExceptionally(new MqttUnavailableException(reason)));
    }
  }

  private static MqttMessage message(OutgoingMessage message) {
    MqttProperties properties = new MqttProperties();
    OutgoingMessage.Properties ours = message.properties();
    if (ours.contentType() != null) {
      properties.setContentType(ours.contentType());
    }
    if (ours.responseTopic() != null) {
      properties.setResponseTopic(ours.responseTopic());
    }
    if (ours.correlationData() != null) {
      properties.setCorrelationData(ours.correlationData());
    }
    if (ours.expiry() != null) {
      properties.setMessageExpiryInterval(Math.max(1, ours.expiry().toSeconds()));
    }
    properties.setUserProperties(
        ours.user().entrySet().stream()
            .map(property -> new UserProperty(property.getKey(), property.getValue()))
            .toList());
    return new MqttMessage(message.payload(), QOS, message.retained(), properties);
  }

  private void arrived(String topic, MqttMessage message) {
    MqttProperties properties = message.getProperties();
    OutgoingMessage.Properties ours =
        new OutgoingMessage.Properties(
            properties.getContentType(),
            properties.getResponseTopic(),
            properties.getCorrelationData(),
            null,
            properties.getUserProperties().stream()
                .collect(
                    // A name may come twice: the last one counts.
                    Collectors.toMap(
                        UserProperty::getKey, UserProperty::getValue, (_, last) -> last)));
    IncomingMessage incoming =
        new IncomingMessage(
            topic,
            message.getPayload(),
            ours,
            () -> acknowledge(message.getId(), message.getQos()));
    dispatch(() -> handle(incoming));
  }

  private void handle(IncomingMessage message) {
    for (Subscription subscription : subscriptions) {
      if (FilterMatch.matches(subscription.filter(), message.topic())) {
        try {
          subscription.handler().accept(message);
        } catch (RuntimeException e) {
          // Unacknowledged it would be sent again and again, and would hold a place in the window
          // for ever.
          LOG.warn("a message on {} cannot be handled: {}", message.topic(), e.toString());
          message.acknowledge();
        }
        return;
      }
    }
    message.acknowledge();
  }

  private void acknowledge(int id, int qos) {
    try {
      client.messageArrivedComplete(id, qos);
    } catch (MqttException e) {
      LOG.debug("too late to acknowledge: {}", Diagnosis.describe(e));
    }
  }

  private void dispatch(Runnable task) {
    try {
      dispatcher.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("closed meanwhile: {}", e.getMessage());
    }
  }

  /** The connection is lost: tells whoever waits. */
  private void end(Trouble trouble) {
    if (over.compareAndSet(false, true)) {
      lost.accept(trouble);
      failUnfinished(trouble.reason());
    }
  }

  private void failUnfinished(String reason) {
    unfinished.forEach(publication -> publication.fail(reason));
  }

  /** Unsubscribes from everything and waits a little for the broker's word. */
  void unsubscribe() {
    String[] filters =
        subscriptions.stream()
            .map(subscription -> subscription.filter().expression())
            .toArray(String[]::new);
    if (filters.length == 0) {
      return;
    }
    try {
      client.unsubscribe(filters).waitForCompletion(FAREWELL.toMillis());
    } catch (MqttException e) {
      LOG.debug("unsubscribing: {}", Diagnosis.describe(e));
    }
  }

  /** Waits a little for messages on their way, says farewell and disconnects. */
  void close() {
    await(
        CompletableFuture.allOf(
            unfinished.stream()
                .map(publication -> publication.outcome)
                .toArray(CompletableFuture[]::new)));
    Presence presence = settings.presence();
    if (presence != null) {
      await(publish(presence(presence, Presence.OFFLINE)));
    }
    over.set(true);
    try {
      client.disconnect().waitForCompletion(FAREWELL.toMillis());
    } catch (MqttException e) {
      LOG.debug("disconnecting: {}", Diagnosis.describe(e));
    }
    abandon();
  }

  private static void await(CompletableFuture<?> future) {
    try {
      future.get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("closing all the same: {}", e.toString());
    }
  }

  /** Frees the client without a word to the broker. */
  void abandon() {
    over.set(true);
    failUnfinished("the connection to the broker is given up");
    try {
      if (client.isConnected()) {
        client.disconnectForcibly(0, FAREWELL.toMillis(), false);
      }
      client.close(true);
    } catch (MqttException e) {
      LOG.debug("freeing the client: {}", Diagnosis.describe(e));
    }
    if (tlsSockets != null) {
      tlsSockets.close();
    }
    threads.shutdownNow();
  }
}
