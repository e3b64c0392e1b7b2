package dev.blindsight.camera.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReply.Answer;
import dev.blindsight.protocol.message.ClassificationReply.Refusal;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.message.RefusalReason;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.SealRejection;
import dev.blindsight.protocol.seal.TranslationTable;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(BrokerKind.class)
class SealedRequestTest {
  private static final SpecId SPEC = LinearModel.spec28().id();
  private static final AtomicInteger DEVICES = new AtomicInteger();
  private static final Map<DeviceAddress, DeviceGrant> GRANTS = new ConcurrentHashMap<>();
  private static TestBroker broker;
  private static Model model;
  private static Worker worker;

  @Parameter BrokerKind kind;

  private SealedCamera camera;
  private WorkerCounters before;

  @BeforeParameterizedClassInvocation
  static void startWorker(BrokerKind kind) throws Exception {
    broker = kind.start();
    model = LinearModel.grey28("m").load();
    worker =
        Worker.start(
            new WorkerSetup(
                "w",
                broker.address(),
                null,
                List.of(model),
                1,
                BatchSettings.STANDARD,
                Admission.of(device -> Optional.ofNullable(GRANTS.get(device)))));
    worker.ready().get(20, TimeUnit.SECONDS);
  }

  @AfterParameterizedClassInvocation
  static void stopWorker() {
    worker.close();
    model.close();
    broker.close();
  }

  @BeforeEach
  void start() throws Exception {
    before = worker.counters();
    camera = camera();
    GRANTS.put(camera.address(), camera.grant());
  }

  private static SealedCamera camera() throws InterruptedException {
    return SealedCamera.connected(
        broker.address(), new DeviceAddress("site", "cam-" + DEVICES.incrementAndGet()));
  }

  @AfterEach
  void stop() {
    camera.close();
  }

  @Test
  void request_sealed_isAnsweredUnderSeal() throws Exception {
    camera.ask(request("r1", 1));

    ClassificationReply reply = camera.awaitReply();

    assertThat(reply.requestId()).isEqualTo("r1");
    assertAnswer(reply, values(1));
  }

  @Test
  void request_sealedAnewUnderTheSameId_getsTheSameAnswerWithoutASecondInference()
      throws Exception {
    camera.ask(request("r1", 1));
    ClassificationReply first = camera.awaitReply();

    camera.ask(request("r1", 2));

    assertThat(camera.awaitReply()).isEqualTo(first);
    assertThat(worker.counters().answered()).isEqualTo(before.answered() + 1);
    assertThat(worker.counters().repeated()).isEqualTo(before.repeated() + 1);
  }

  @Test
  void batch_ofRequests_isAnsweredByOneBatchInItsOrder() throws Exception {
    List<byte[]> envelopes = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      envelopes.add(camera.seal(request("r" + i, i), Instant.now()));
    }
    camera.send(SealedBatchCodec.CONTENT_TYPE, SealedBatchCodec.encode(envelopes));

    List<ClassificationReply> replies = camera.awaitReplies();

    assertThat(replies).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(replies.get(i).requestId()).isEqualTo("r" + i);
      assertAnswer(replies.get(i), values(i));
    }
    assertThat(worker.counters().requests()).isEqualTo(before.requests() + 20);
    assertThat(worker.counters().answered()).isEqualTo(before.answered() + 20);
  }

  @Test
  void batch_withBadEnvelopes_isAnsweredForTheGoodOnes() throws Exception {
    byte[] replayed = camera.seal(request("r0", 1), Instant.now());
    camera.send(replayed);
    camera.awaitReply();
    byte[] cutShort = Arrays.copyOf(camera.seal(request("r1", 1), Instant.now()), 40);
    try (SealedCamera other = camera()) {
      camera.send(
          SealedBatchCodec.CONTENT_TYPE,
          SealedBatchCodec.encode(
              List.of(
                  replayed,
                  camera.seal(request("r2", 2), Instant.now()),
                  cutShort,
                  other.seal(other.request("r3", "m", SPEC, values(3)), Instant.now()),
                  camera.seal(request("r4", 4), Instant.now()))));
    }

    assertThat(camera.awaitReplies())
        .extracting(ClassificationReply::requestId)
        .containsExactly("r2", "r4");
    Map<SealRejection, Long> rejected = new HashMap<>(before.rejected());
    List.of(SealRejection.REPLAYED, SealRejection.MALFORMED, SealRejection.WRONG_DEVICE)
        .forEach(reason -> rejected.merge(reason, 1L, Long::sum));
    assertThat(worker.counters().rejected()).isEqualTo(rejected);
  }

  @Test
  void batch_thatIsNone_isDroppedAndTheNextRequestIsAnswered() throws Exception {
    camera.send(SealedBatchCodec.CONTENT_TYPE, new byte[] {1, 2, 3});
    camera.send(SealedBatchCodec.CONTENT_TYPE, new byte[0]);
    camera.send(SealedBatchCodec.CONTENT_TYPE, camera.seal(request("r1", 1), Instant.now()));

    assertOnlyTheNextIsAnswered();
    assertThat(worker.counters().dropped()).isEqualTo(before.dropped() + 3);
  }

  @Test
  void envelope_replayed_isCountedAndNotAnswered() throws Exception {
    byte[] envelope = camera.seal(request("r1", 1), Instant.now());
    camera.send(envelope);
    camera.awaitReply();

    camera.send(envelope);
    camera.send(envelope);

    assertOnlyTheNextIsAnswered();
    assertRejected(SealRejection.REPLAYED, 2);
  }

  @Test
  void envelopes_changedOnTheWay_areCountedAndToldOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      byte[] forged = camera.seal(request("r" + i, 1), Instant.now());
      forged[forged.length - 1 - i] ^= 1;
      camera.send(forged);
    }

    assertNotAdmitted(camera.awaitMessage());
    assertOnlyTheNextIsAnswered();
    assertRejected(SealRejection.NOT_AUTHENTIC, 3);
  }

  @Test
  void envelope_ofAnUnknownDevice_isToldInTheClear() throws Exception {
    GRANTS.remove(camera.address());

    camera.ask(request("r1", 1));

    assertNotAdmitted(camera.awaitMessage());
    assertRejected(SealRejection.UNKNOWN_DEVICE, 1);
  }

  @Test
  void envelope_ofAnotherDevice_isCountedAndNotAnswered() throws Exception {
    try (SealedCamera other = camera()) {
      GRANTS.put(other.address(), other.grant());
      camera.send(other.seal(other.request("r1", "m", SPEC, values(1)), Instant.now()));
    }

    assertOnlyTheNextIsAnswered();
    assertRejected(SealRejection.WRONG_DEVICE, 1);
  }

  @Test
  void envelopes_cutShort_areCountedAndNotAnswered() throws Exception {
    byte[] whole = camera.seal(request("r1", 1), Instant.now());
    camera.send(new byte[0]);
    camera.send(Arrays.copyOf(whole, 20));

    assertOnlyTheNextIsAnswered();
    assertRejected(SealRejection.MALFORMED, 2);
  }

  @Test
  void requests_fromAnHourAgo_areRefusedForTheClockOnceUnderSeal() throws Exception {
    Instant then = Instant.now().minus(Duration.ofHours(1));
    camera.send(camera.seal(request("r1", 1), then));
    camera.send(camera.seal(request("r2", 1), then));

    ClassificationReply reply = camera.awaitReply();

    assertThat(reply.requestId()).isEqualTo("r1");
    assertThat(((Refusal) reply.outcome()).reason()).isEqualTo(RefusalReason.CLOCK);
    assertThat(((Refusal) reply.outcome()).detail()).contains("3600 s before");
    assertOnlyTheNextIsAnswered();
    assertRejected(SealRejection.STALE, 2);
  }

  @Test
  void request_inTheClear_isRefusedWithTheRemedy() throws Exception {
    camera.send(ReadoutRequest.CONTENT_TYPE, ReadoutRequestCodec.encode(request("r1", 1)));

    Refusal refusal =
        (Refusal) ClassificationReplyCodec.decode(camera.awaitMessage().payload()).outcome();

    assertThat(refusal.reason()).isEqualTo(RefusalReason.UNSUPPORTED);
    assertThat(refusal.detail()).contains("sealed");
  }

  @Test
  void request_unknownModel_isRefusedUnderSealWithItsName() throws Exception {
    camera.ask(camera.request("r1", "other", SPEC, values(1)));

    Refusal refusal = (Refusal) camera.awaitReply().outcome();

    assertThat(refusal.reason()).isEqualTo(RefusalReason.UNKNOWN_MODEL);
    assertThat(refusal.detail()).contains("does not have model other");
  }

  @Test
  void request_ofAnotherPermutation_isTranslatedByTheGrant() throws Exception {
    SpecId spec = new SpecId("ab".repeat(SpecId.BYTES));
    BytePermutation own = BytePermutation.identity();
    BytePermutation models = BytePermutation.corenet();
    GRANTS.put(
        camera.address(),
        camera.grant(
            new DeviceGrant.Translation("m", spec, TranslationTable.between(own, models))));
    byte[] asTheModelKnowsThem = values(1);
    for (int i = 0; i < asTheModelKnowsThem.length; i++) {
      asTheModelKnowsThem[i] = (byte) models.apply(Byte.toUnsignedInt(asTheModelKnowsThem[i]));
    }

    camera.ask(camera.request("r1", "m", spec, values(1)));

    assertAnswer(camera.awaitReply(), asTheModelKnowsThem);
  }

  @Test
  void request_ofAnotherSpecWithoutTranslation_isRefused() throws Exception {
    camera.ask(camera.request("r1", "m", new SpecId("ab".repeat(SpecId.BYTES)), values(1)));

    Refusal refusal = (Refusal) camera.awaitReply().outcome();

    assertThat(refusal.reason()).isEqualTo(RefusalReason.SPEC_MISMATCH);
    assertThat(refusal.detail()).contains("abab").contains(SPEC.abbreviated());
  }

  /** That it came to so many rejections for this reason, and to none for another. */
  private void assertRejected(SealRejection reason, long times) {
    Map<SealRejection, Long> expected = new HashMap<>(before.rejected());
    expected.merge(reason, times, Long::sum);
    assertThat(worker.counters().rejected()).isEqualTo(expected);
  }

  private void assertOnlyTheNextIsAnswered() throws Exception {
    camera.ask(request("next", 2));
    assertThat(camera.awaitReply().requestId()).isEqualTo("next");
  }

  private static void assertNotAdmitted(IncomingMessage message) throws Exception {
    assertThat(message.contentType()).isEqualTo(ClassificationReply.CONTENT_TYPE);
    Refusal refusal = (Refusal) ClassificationReplyCodec.decode(message.payload()).outcome();
    assertThat(refusal.reason()).isEqualTo(RefusalReason.NOT_ADMITTED);
    assertThat(refusal.detail()).startsWith("this worker has no grant that fits");
  }

  private static void assertAnswer(ClassificationReply reply, byte[] values) {
    Candidate expected = model.classify(values, 1).top();
    Candidate top = ((Answer) reply.outcome()).top().getFirst();
    assertThat(top.label()).isEqualTo(expected.label());
    assertThat(top.probability()).isCloseTo(expected.probability(), within(1e-6));
  }

  private ReadoutRequest request(String id, long seed) {
    return camera.request(id, "m", SPEC, values(seed));
  }

  private static byte[] values(long seed) {
    byte[] values = new byte[78];
    new Random(seed).nextBytes(values);
    return values;
  }
}
