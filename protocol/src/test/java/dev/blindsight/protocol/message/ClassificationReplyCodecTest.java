package dev.blindsight.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ClassificationReplyCodecTest {
  @Property
  void decode_anyAnswerEncoded_givesItBack(
      @ForAll @LongRange(min = 0) long nanos,
      @ForAll @Size(min = 1, max = 64) List<@FloatRange(max = 1) Float> probabilities)
      throws MalformedMessageException {
    List<Candidate> top =
        probabilities.stream()
            .sorted(Comparator.reverseOrder())
            .map(probability -> new Candidate("label", probability))
            .toList();
    ClassificationReply reply =
        new ClassificationReply(
            "r", "m", "w", Duration.ofNanos(nanos), new ClassificationReply.Answer(top));

    assertThat(ClassificationReplyCodec.decode(ClassificationReplyCodec.encode(reply)))
        .isEqualTo(reply);
  }

  @Property
  void decode_anyRefusalEncoded_givesItBack(@ForAll RefusalReason reason)
      throws MalformedMessageException {
    ClassificationReply reply =
        new ClassificationReply(
            "r", "m", "w", Duration.ZERO, new ClassificationReply.Refusal(reason, "try again"));

    assertThat(ClassificationReplyCodec.decode(ClassificationReplyCodec.encode(reply)))
        .isEqualTo(reply);
  }

  @Property(tries = 3000)
  void decode_mutatedReply_givesAReplyOrTheDocumentedException(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 10_000) Integer> places,
      @ForAll byte replacement,
      @ForAll @IntRange(max = 10_000) int length) {
    byte[] bytes = ClassificationReplyCodec.encode(reply());
    for (int place : places) {
      bytes[place % bytes.length] = replacement;
    }
    decodeOrRefuse(bytes);
    decodeOrRefuse(Arrays.copyOf(bytes, length % bytes.length));
  }

  @Property
  void decode_anyBytes_givesAReplyOrTheDocumentedException(@ForAll byte[] bytes) {
    decodeOrRefuse(bytes);
  }

  @Test
  void decode_fieldOutOfBounds_isRefusedByName() {
    assertRefused("version 0", wire -> wire.setVersion(0));
    assertRefused("inference time", wire -> wire.setInferenceNanos(-1));
    assertRefused("worker", wire -> wire.setWorker(""));
    assertRefused("neither answer nor refusal", wire -> wire.clearOutcome());
    assertRefused("top has 0", wire -> wire.getAnswerBuilder().clearTop());
    assertRefused("order", wire -> wire.getAnswerBuilder().getTopBuilder(1).setProbability(0.9f));
    assertRefused(
        "probability is NaN",
        wire -> wire.getAnswerBuilder().getTopBuilder(0).setProbability(Float.NaN));
    assertRefused(
        "probability is 2", wire -> wire.getAnswerBuilder().getTopBuilder(0).setProbability(2));
    assertRefused("label", wire -> wire.getAnswerBuilder().getTopBuilder(0).setLabel(""));
    assertRefused("reason", wire -> wire.getRefusalBuilder().setReasonValue(77).setDetail("x"));
  }

  @Test
  void decode_moreBytesThanAnyReply_isRefusedUnparsed() {
    assertThatThrownBy(
            () -> ClassificationReplyCodec.decode(new byte[ClassificationReplyCodec.LONGEST + 1]))
        .isInstanceOf(MalformedMessageException.class)
        .hasNoCause();
  }

  @Test
  void encode_longestReply_staysWithinTheBound() {
    String label = "\u20ac".repeat(Fields.LONGEST_LABEL);
    ClassificationReply reply =
        new ClassificationReply(
            "r".repeat(64),
            "m".repeat(128),
            "w".repeat(128),
            Duration.ofNanos(Long.MAX_VALUE),
            new ClassificationReply.Answer(
                Collections.nCopies(Fields.MOST_CANDIDATES, new Candidate(label, 0.5))));

    assertThat(ClassificationReplyCodec.encode(reply))
        .hasSizeLessThanOrEqualTo(ClassificationReplyCodec.LONGEST);
  }

  private static void assertRefused(
      String message,
      Consumer<dev.blindsight.protocol.message.wire.ClassificationReply.Builder> change) {
    dev.blindsight.protocol.message.wire.ClassificationReply.Builder wire;
    try {
      wire =
          dev.blindsight.protocol.message.wire.ClassificationReply.parseFrom(
              ClassificationReplyCodec.encode(reply()))
              .toBuilder();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    change.accept(wire);
    assertThatThrownBy(() -> ClassificationReplyCodec.decode(wire.build().toByteArray()))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageStartingWith("classification reply")
        .hasMessageContaining(message);
  }

  private static void decodeOrRefuse(byte[] bytes) {
    try {
      assertThat(ClassificationReplyCodec.decode(bytes).requestId()).isNotEmpty();
    } catch (MalformedMessageException e) {
      assertThat(e.getMessage()).hasLineCount(1).startsWith("classification reply");
    }
  }

  private static ClassificationReply reply() {
    return new ClassificationReply(
        "request-1",
        "fashion-mnist-keep10",
        "worker-1",
        Duration.ofNanos(1_234_567),
        new ClassificationReply.Answer(
            List.of(new Candidate("boot", 0.75), new Candidate("bag", 0.25))));
  }
}
