package dev.blindsight.protocol.seal;

import static dev.blindsight.protocol.seal.Fixtures.HALL;
import static dev.blindsight.protocol.seal.Fixtures.NOW;
import static dev.blindsight.protocol.seal.Fixtures.SALT;
import static dev.blindsight.protocol.seal.Fixtures.YARD;
import static dev.blindsight.protocol.seal.SealRejection.FROM_THE_FUTURE;
import static dev.blindsight.protocol.seal.SealRejection.MALFORMED;
import static dev.blindsight.protocol.seal.SealRejection.NOT_AUTHENTIC;
import static dev.blindsight.protocol.seal.SealRejection.OVERSIZED;
import static dev.blindsight.protocol.seal.SealRejection.REORDERED;
import static dev.blindsight.protocol.seal.SealRejection.REPLAYED;
import static dev.blindsight.protocol.seal.SealRejection.STALE;
import static dev.blindsight.protocol.seal.SealRejection.UNKNOWN_DEVICE;
import static dev.blindsight.protocol.seal.SealRejection.UNKNOWN_EPOCH;
import static dev.blindsight.protocol.seal.SealRejection.UNSUPPORTED_VERSION;
import static dev.blindsight.protocol.seal.SealRejection.WRONG_DEVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.keys.SealPurpose;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Everything that somebody between device and worker can do to envelopes. */
class AttackTest {
  private static final int ATTACKS = 10_000;
  private static final int EPOCH = 2;
  private static final int EPOCH_KEPT = 1;
  private static final Duration TOLERANCE = Freshness.STANDARD.tolerance();

  /** Nobody else has one. */
  private static final Map<DeviceAddress, DeviceGrant> GRANTS =
      Map.of(
          HALL,
          Fixtures.grant(HALL, EPOCH_KEPT, EPOCH),
          YARD,
          Fixtures.grant(YARD, EPOCH_KEPT, EPOCH));

  private final Random random = new Random(20261121);
  private final RequestOpener opener = Fixtures.opener(AttackTest::granted);
  private final RequestSealer hall = Fixtures.sealer(HALL, EPOCH);
  private final byte[] oversized = new byte[SealedContent.LONGEST + 1];
  private long sequence = 1_000_000;

  private static Optional<DeviceGrant> granted(DeviceAddress device) {
    return Optional.ofNullable(GRANTS.get(device));
  }

  /**
   * Something that arrives.
   *
   * @param topic the device whose topic it comes on
   * @param expected the reasons that may be given
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Attack(
      String name, DeviceAddress topic, byte[] payload, Set<SealRejection> expected) {
    static Attack on(DeviceAddress topic, String name, byte[] payload, SealRejection... expected) {
      return new Attack(name, topic, payload, Set.of(expected));
    }
  }

  @Test
  void open_tenThousandAttacks_acceptsNoneAndCountsEachByItsReason() throws SealException {
    List<Supplier<Attack>> kinds =
        List.of(
            this::changed,
            this::truncated,
            this::extended,
            this::replayed,
            this::reordered,
            this::stale,
            this::fromTheFuture,
            this::onAnotherTopic,
            this::underAnotherName,
            this::aboutAnotherDevice,
            this::ofAnotherEpochsKey,
            this::ofAnUnknownEpoch,
            this::ofAnUnknownDevice,
            this::tooLong,
            this::noise,
            this::noiseBehindAHeader,
            this::ofAnotherPurpose,
            this::ofAnotherKind,
            this::withoutAMessage,
            this::withoutATime);
    Map<SealRejection, Integer> counts = new EnumMap<>(SealRejection.class);

    for (int i = 0; i < ATTACKS; i++) {
      Attack attack = kinds.get(i % kinds.size()).get();
      counts.merge(rejection(attack), 1, Integer::sum);
    }

    assertThat(counts.keySet()).containsExactlyInAnyOrder(SealRejection.values());
    assertThat(counts.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(ATTACKS);
    assertThat(counts).containsEntry(REPLAYED, ATTACKS / kinds.size());
    assertThat(opener.open(HALL, fresh()).request().address()).isEqualTo(HALL);
  }

  @Test
  void open_everyByteOfAnEnvelopeChanged_acceptsNoneAndLeavesTheWindowAlone() throws SealException {
    byte[] envelope = fresh();
    for (int place = 0; place < envelope.length; place++) {
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        rejection(changed(envelope, place, (byte) (1 << bit)));
      }
    }

    assertThat(opener.open(HALL, envelope).epoch()).isEqualTo(EPOCH);
  }

  private SealRejection rejection(Attack attack) {
    try {
      throw new AssertionError(
          attack.name() + " was accepted: " + opener.open(attack.topic(), attack.payload()));
    } catch (SealException e) {
      assertThat(e.reason()).as(attack.name()).isIn(attack.expected());
      assertThat(e.getMessage()).as(attack.name()).isNotBlank().hasLineCount(1);
      assertThat(e.opened().isPresent())
          .as(attack.name())
          .isEqualTo(Set.of(STALE, FROM_THE_FUTURE).contains(e.reason()));
      return e.reason();
    }
  }

  private byte[] values() {
    byte[] values = new byte[1 + random.nextInt(100)];
    random.nextBytes(values);
    return values;
  }

  /** An envelope that would be accepted. */
  private byte[] fresh() {
    return hall.seal(Fixtures.request(HALL, values()), ++sequence, NOW);
  }

  /** As the hall's sealer, and with everything it does open to choice. */
  private byte[] sealed(
      SealPurpose keyPurpose, int keyEpoch, EnvelopeKind kind, int epoch, byte[] text) {
    EnvelopeHeader header =
        new EnvelopeHeader(
            kind,
            epoch,
            new Nonce(SALT, ++sequence),
            sequence,
            HALL,
            Fixtures.request(HALL, (byte) 1).modelId());
    return Envelope.seal(header, Fixtures.key(keyPurpose, HALL, keyEpoch), text);
  }

  private byte[] text(DeviceAddress device) {
    return ReadoutRequestCodec.encode(Fixtures.request(device, values()).sentAt(NOW));
  }

  private Attack changed() {
    byte[] envelope = fresh();
    return changed(envelope, random.nextInt(envelope.length), (byte) (1 + random.nextInt(255)));
  }

  private static Attack changed(byte[] envelope, int place, byte change) {
    byte[] changed = envelope.clone();
    changed[place] ^= change;
    return new Attack("byte %d changed".formatted(place), HALL, changed, whenChanged(place));
  }

  /** What the header shows may be judged by what it shows; the rest only by the tag. */
  private static Set<SealRejection> whenChanged(int place) {
    int model = 29 + 1 + HALL.site().length() + 1 + HALL.device().length();
    int ciphertext = model + 1 + Fixtures.request(HALL, (byte) 1).modelId().length();
    if (place == 3) {
      return Set.of(UNSUPPORTED_VERSION);
    }
    if (place < 5) {
      return Set.of(MALFORMED);
    }
    if (place < 9) {
      return Set.of(UNKNOWN_EPOCH, MALFORMED, NOT_AUTHENTIC);
    }
    if (place < 13) {
      return Set.of(NOT_AUTHENTIC);
    }
    if (place < 29) {
      return Set.of(MALFORMED);
    }
    if (place < model) {
      return Set.of(MALFORMED, WRONG_DEVICE);
    }
    return place < ciphertext ? Set.of(MALFORMED, NOT_AUTHENTIC) : Set.of(NOT_AUTHENTIC);
  }

  private Attack truncated() {
    byte[] envelope = fresh();
    byte[] cut = Arrays.copyOf(envelope, random.nextInt(envelope.length));
    return Attack.on(HALL, "truncated", cut, MALFORMED, NOT_AUTHENTIC);
  }

  private Attack extended() {
    byte[] envelope = fresh();
    byte[] longer = Arrays.copyOf(envelope, envelope.length + 1 + random.nextInt(64));
    return Attack.on(HALL, "extended", longer, NOT_AUTHENTIC);
  }

  private Attack replayed() {
    byte[] envelope = fresh();
    try {
      assertThat(opener.open(HALL, envelope).sequence()).isEqualTo(sequence);
    } catch (SealException e) {
      throw new AssertionError(e);
    }
    return Attack.on(HALL, "replayed", envelope, REPLAYED);
  }

  private Attack reordered() {
    ReadoutRequest request = Fixtures.request(HALL, values());
    byte[] envelope = Fixtures.sealer(HALL, EPOCH).seal(request, random.nextInt(10_000), NOW);
    return Attack.on(HALL, "below the window", envelope, REORDERED);
  }

  private Attack stale() {
    return Attack.on(HALL, "stale", sentAt(NOW.minus(TOLERANCE).minus(jitter())), STALE);
  }

  private Attack fromTheFuture() {
    return Attack.on(
        HALL, "from the future", sentAt(NOW.plus(TOLERANCE).plus(jitter())), FROM_THE_FUTURE);
  }

  private byte[] sentAt(Instant time) {
    return hall.seal(Fixtures.request(HALL, values()), ++sequence, time);
  }

  private Duration jitter() {
    return Duration.ofNanos(1000L * (1 + random.nextLong(1L << 50)));
  }

  private Attack onAnotherTopic() {
    return Attack.on(YARD, "on another topic", fresh(), WRONG_DEVICE);
  }

  private Attack underAnotherName() {
    byte[] envelope = fresh();
    byte[] renamed = envelope.clone();
    System.arraycopy(new byte[] {'y', 'a', 'r', 'd'}, 0, renamed, 35, 4);
    return Attack.on(YARD, "under another name", renamed, NOT_AUTHENTIC);
  }

  private Attack aboutAnotherDevice() {
    byte[] envelope = sealed(SealPurpose.REQUEST, EPOCH, EnvelopeKind.REQUEST, EPOCH, text(YARD));
    return Attack.on(HALL, "about another device", envelope, WRONG_DEVICE);
  }

  private Attack ofAnotherEpochsKey() {
    byte[] envelope =
        sealed(SealPurpose.REQUEST, EPOCH_KEPT, EnvelopeKind.REQUEST, EPOCH, text(HALL));
    return Attack.on(HALL, "of another epoch's key", envelope, NOT_AUTHENTIC);
  }

  private Attack ofAnUnknownEpoch() {
    int epoch = EPOCH + 1 + random.nextInt(1000);
    byte[] envelope =
        Fixtures.sealer(HALL, epoch).seal(Fixtures.request(HALL, values()), ++sequence, NOW);
    return Attack.on(HALL, "of an unknown epoch", envelope, UNKNOWN_EPOCH);
  }

  private Attack ofAnUnknownDevice() {
    DeviceAddress stranger = new DeviceAddress("home", "stranger-" + random.nextInt(1000));
    byte[] envelope =
        Fixtures.sealer(stranger, EPOCH)
            .seal(Fixtures.request(stranger, values()), ++sequence, NOW);
    return Attack.on(stranger, "of an unknown device", envelope, UNKNOWN_DEVICE);
  }

  private Attack tooLong() {
    byte[] envelope = fresh();
    System.arraycopy(envelope, 0, oversized, 0, envelope.length);
    return Attack.on(HALL, "too long", oversized, OVERSIZED);
  }

  private Attack noise() {
    byte[] noise = new byte[random.nextInt(400)];
    random.nextBytes(noise);
    return Attack.on(HALL, "noise", noise, MALFORMED);
  }

  private Attack noiseBehindAHeader() {
    byte[] envelope = fresh();
    byte[] noise = new byte[envelope.length];
    random.nextBytes(noise);
    int kept = 3 + random.nextInt(58);
    System.arraycopy(envelope, 0, noise, 0, kept);
    return Attack.on(
        HALL,
        "noise behind a header",
        noise,
        MALFORMED,
        UNSUPPORTED_VERSION,
        WRONG_DEVICE,
        UNKNOWN_EPOCH,
        NOT_AUTHENTIC);
  }

  private Attack ofAnotherPurpose() {
    byte[] envelope = sealed(SealPurpose.REPLY, EPOCH, EnvelopeKind.REQUEST, EPOCH, text(HALL));
    return Attack.on(HALL, "by the key of replies", envelope, NOT_AUTHENTIC);
  }

  private Attack ofAnotherKind() {
    byte[] envelope = sealed(SealPurpose.SPOOL, EPOCH, EnvelopeKind.AT_REST, EPOCH, text(HALL));
    return Attack.on(HALL, "a record of the disk", envelope, MALFORMED);
  }

  private Attack withoutAMessage() {
    byte[] envelope = sealed(SealPurpose.REQUEST, EPOCH, EnvelopeKind.REQUEST, EPOCH, values());
    return Attack.on(HALL, "without a message", envelope, MALFORMED);
  }

  private Attack withoutATime() {
    byte[] unsent = ReadoutRequestCodec.encode(Fixtures.request(HALL, values()));
    byte[] envelope = sealed(SealPurpose.REQUEST, EPOCH, EnvelopeKind.REQUEST, EPOCH, unsent);
    return Attack.on(HALL, "without a time", envelope, MALFORMED);
  }

  @Test
  void open_sameEnvelopesOnManyThreads_acceptsEachOnce() throws Exception {
    List<byte[]> envelopes = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      envelopes.add(fresh());
    }
    Callable<Integer> replay =
        () -> {
          int accepted = 0;
          for (byte[] envelope : envelopes) {
            try {
              assertThat(opener.open(HALL, envelope).epoch()).isEqualTo(EPOCH);
              accepted++;
            } catch (SealException e) {
              assertThat(e.reason()).isEqualTo(REPLAYED);
            }
          }
          return accepted;
        };

    int accepted = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Integer> count : threads.invokeAll(List.of(replay, replay, replay, replay))) {
        accepted += count.get();
      }
    }

    assertThat(accepted).isEqualTo(envelopes.size());
  }

  @Test
  void open_withinTheTolerance_isAccepted() throws SealException {
    assertThat(opener.open(HALL, sentAt(NOW.minus(TOLERANCE))).epoch()).isEqualTo(EPOCH);
    assertThat(opener.open(HALL, sentAt(NOW.plus(TOLERANCE))).epoch()).isEqualTo(EPOCH);
  }

  @Test
  void open_clockOfTheDeviceWrong_saysByHowMuchAndWhatToDo() {
    byte[] envelope = sentAt(NOW.minus(Duration.ofHours(1)));

    assertThatThrownBy(() -> opener.open(HALL, envelope))
        .isInstanceOfSatisfying(
            SealException.class,
            e -> assertThat(e.opened().orElseThrow().request().requestId()).isEqualTo("request-1"))
        .hasMessage(
            "home/hall: the request was sent 3600 s before this worker's clock: set the clocks");
  }

  @Test
  void open_epochGrantedMeanwhile_isAccepted() throws SealException {
    DeviceKeys rotated =
        new DeviceKeys() {
          @Override
          public Optional<DeviceGrant> find(DeviceAddress device) {
            return Optional.of(Fixtures.grant(device, EPOCH_KEPT));
          }

          @Override
          public Optional<DeviceGrant> findAnew(DeviceAddress device) {
            return Optional.of(Fixtures.grant(device, EPOCH_KEPT, EPOCH));
          }
        };

    assertThat(Fixtures.opener(rotated).open(HALL, fresh()).epoch()).isEqualTo(EPOCH);
  }

  @Test
  void open_everyByteOfAReplyChanged_acceptsNone() throws SealException {
    OpenedRequest asked = opener.open(HALL, fresh());
    byte[] reply = new ReplySealer(AttackTest::granted).seal(asked, Fixtures.reply());
    ReplyOpener replies = Fixtures.replyOpener(HALL, EPOCH);

    for (int place = 0; place < reply.length; place++) {
      byte[] changed = reply.clone();
      changed[place] ^= 1;
      assertThatThrownBy(() -> replies.open(changed)).isInstanceOf(SealException.class);
    }
    for (int length = 0; length < reply.length; length++) {
      byte[] cut = Arrays.copyOf(reply, length);
      assertThatThrownBy(() -> replies.open(cut)).isInstanceOf(SealException.class);
    }
    assertThat(replies.open(reply)).isEqualTo(Fixtures.reply());
  }

  @Test
  void open_repliesThatAreNotThisDevices_saysWhy() {
    OpenedRequest asked = new OpenedRequest(Fixtures.request(YARD, (byte) 1), EPOCH, 1);
    ReplySealer sealer = new ReplySealer(AttackTest::granted);

    assertReply(
        sealed(SealPurpose.REQUEST, EPOCH, EnvelopeKind.REQUEST, EPOCH, text(HALL)), MALFORMED);
    assertReply(
        sealed(SealPurpose.REQUEST, EPOCH, EnvelopeKind.REPLY, EPOCH, text(HALL)), NOT_AUTHENTIC);
    assertReply(sealed(SealPurpose.REPLY, EPOCH, EnvelopeKind.REPLY, EPOCH, text(HALL)), MALFORMED);
    assertReply(sealed(SealPurpose.REPLY, 7, EnvelopeKind.REPLY, 7, text(HALL)), UNKNOWN_EPOCH);
    assertThatThrownBy(
            () -> Fixtures.replyOpener(HALL, EPOCH).open(sealer.seal(asked, Fixtures.reply())))
        .isInstanceOfSatisfying(
            SealException.class, e -> assertThat(e.reason()).isEqualTo(WRONG_DEVICE));
  }

  private static void assertReply(byte[] payload, SealRejection expected) {
    assertThatThrownBy(() -> Fixtures.replyOpener(HALL, EPOCH).open(payload))
        .isInstanceOfSatisfying(
            SealException.class, e -> assertThat(e.reason()).isEqualTo(expected));
  }

  @Test
  void exceptions_andValues_showNoSecret() {
    DeviceGrant grant = Fixtures.grant(HALL, EPOCH);
    SealKey key = Fixtures.key(SealPurpose.REQUEST, HALL, EPOCH);

    assertThat(grant.toString()).contains("SealKey[hidden]").doesNotContainPattern("[0-9a-f]{16}");
    assertThat(key).hasToString("SealKey[hidden]");
  }
}
