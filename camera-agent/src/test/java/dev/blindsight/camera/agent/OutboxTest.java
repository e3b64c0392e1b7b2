package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.MqttRefusedException;
import dev.blindsight.camera.mqtt.MqttUnavailableException;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.seal.SealedContent;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
  private static final DeviceAddress DEVICE = new DeviceAddress("site", "hall");

  @TempDir Path state;
  private final List<OutgoingMessage> sent = new ArrayList<>();
  private final List<CompletableFuture<Delivery>> words = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  private Outbox sealed() {
    RemoteChannel channel =
        RemoteChannel.sealed(
            DeviceSecret.of(new byte[DeviceSecret.BYTES]),
            DEVICE,
            1,
            state,
            InstantSource.system());
    return outbox(channel);
  }

  private Outbox outbox(RemoteChannel channel) {
    return new Outbox(
        DEVICE,
        channel,
        message -> {
          sent.add(message);
          words.add(new CompletableFuture<>());
          return words.getLast();
        },
        Runnable::run,
        (request, delivery, failure) ->
            told.add(request.id() + " " + (failure == null ? delivery : failure.getMessage())));
  }

  private static RemoteRequest request(String id) {
    return new RemoteRequest(id, new Ignored(), new CompletableFuture<>());
  }

  private record Ignored() implements RemoteOutcome {
    @Override
    public void spooled() {}

    @Override
    public CompletableFuture<?> answered(ReadoutRequest request, Classification answer) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<?> failed(String reason) {
      return CompletableFuture.completedFuture(null);
    }
  }

  private static byte[] payload(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** What a message carries, as text. */
  private static List<String> carried(OutgoingMessage message) throws MalformedMessageException {
    return SealedBatchCodec.payloads(message.properties().contentType(), message.payload()).stream()
        .map(payload -> new String(payload, StandardCharsets.US_ASCII))
        .toList();
  }

  @Test
  void send_nothingOnItsWay_goesAtOnceByItself() throws Exception {
    sealed().send(request("r1"), payload("a"));

    assertThat(carried(sent.getFirst())).containsExactly("a");
    OutgoingMessage.Properties properties = sent.getFirst().properties();
    assertThat(properties.contentType()).isEqualTo(SealedContent.TYPE);
    assertThat(properties.responseTopic()).isEqualTo("blindsight/site/hall/reply");
    assertThat(properties.correlationData()).isEqualTo(payload("r1"));
  }

  @Test
  void send_whileOneIsOnItsWay_waitsForTheBrokersWordAndGoesTogether() throws Exception {
    Outbox outbox = sealed();
    for (String id : List.of("a", "b", "c", "d")) {
      outbox.send(request(id), payload(id));
    }
    assertThat(sent).hasSize(1);

    words.getFirst().complete(Delivery.ACCEPTED);

    assertThat(sent).hasSize(2);
    assertThat(carried(sent.get(1))).containsExactly("b", "c", "d");
    assertThat(sent.get(1).properties().responseTopic()).isEqualTo("blindsight/site/hall/reply");
    assertThat(told).containsExactly("a ACCEPTED");
    words.get(1).complete(Delivery.NO_SUBSCRIBER);
    assertThat(told)
        .containsExactly("a ACCEPTED", "b NO_SUBSCRIBER", "c NO_SUBSCRIBER", "d NO_SUBSCRIBER");
  }

  @Test
  void send_asManyAsFit_goWithoutWaiting() throws Exception {
    Outbox outbox = sealed();
    for (int i = 0; i < 1 + 2 * SealedBatchCodec.MOST; i++) {
      outbox.send(request("r" + i), payload("x"));
    }

    assertThat(sent).hasSize(3);
    assertThat(carried(sent.get(1))).hasSize(SealedBatchCodec.MOST);
    assertThat(carried(sent.get(2))).hasSize(SealedBatchCodec.MOST);
  }

  @Test
  void send_long_goesAtOnceByItself() throws Exception {
    Outbox outbox = sealed();
    for (int i = 0; i < 3; i++) {
      outbox.send(request("r" + i), new byte[15_000]);
    }

    assertThat(sent).hasSize(3);
    for (OutgoingMessage message : sent) {
      assertThat(carried(message)).hasSize(1);
    }
  }

  @Test
  void send_together_isNeverLongerThanABatchMayBe() throws Exception {
    Outbox outbox = sealed();
    for (int i = 0; i < 200; i++) {
      outbox.send(request("r" + i), new byte[2000]);
    }

    assertThat(sent).hasSizeGreaterThan(2);
    for (OutgoingMessage message : sent) {
      assertThat(message.payload()).hasSizeLessThan(SealedBatchCodec.LONGEST / 2);
      assertThat(carried(message)).isNotEmpty();
    }
  }

  @Test
  void send_plain_goesAtOnceByItself() throws Exception {
    Outbox outbox = outbox(RemoteChannel.plain(state));
    for (int i = 0; i < 3; i++) {
      outbox.send(request("r" + i), payload("x"));
    }

    assertThat(sent).hasSize(3);
  }

  @Test
  void send_batchTooLargeForTheBroker_goesOneByOneFromThenOn() throws Exception {
    Outbox outbox = sealed();
    for (String id : List.of("a", "b", "c")) {
      outbox.send(request(id), payload(id));
    }
    words.getFirst().complete(Delivery.ACCEPTED);

    words.get(1).completeExceptionally(new MqttRefusedException("publishing", 149));
    outbox.send(request("d"), payload("d"));
    outbox.send(request("e"), payload("e"));

    assertThat(sent).hasSize(6);
    for (int i = 2; i < 6; i++) {
      assertThat(carried(sent.get(i))).hasSize(1);
    }
    assertThat(told).containsExactly("a ACCEPTED");
  }

  @Test
  void clear_connectionLost_forgetsWhatWaitsAndSendsOverTheNext() throws Exception {
    Outbox outbox = sealed();
    for (String id : List.of("a", "b")) {
      outbox.send(request(id), payload(id));
    }
    outbox.clear();
    words.getFirst().completeExceptionally(new MqttUnavailableException("gone"));
    assertThat(sent).hasSize(1);

    outbox.send(request("b"), payload("b2"));

    assertThat(carried(sent.get(1))).containsExactly("b2");
    assertThat(told).containsExactly("a gone");
  }
}
