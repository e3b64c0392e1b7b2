package dev.blindsight.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.GraphForm;
import dev.blindsight.trainer.byteformer.ReferenceForward;
import dev.blindsight.trainer.byteformer.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both graphs give the logits of the plain-Java network, whatever its shape. */
class GraphParityTest {
  private static final double TOLERANCE = 1e-4;
  private static final double SAME = 1e-5;

  @ParameterizedTest
  @EnumSource(AttentionMode.class)
  void write_severalChunksAndAShift_equalsJudge(AttentionMode attention) throws OrtException {
    ByteFormerArchitecture network =
        Models.network(32, 2, 4, 64, List.of(false, false, true, true), 1500, attention);
    requireParity(network, 1501, 1);
  }

  @ParameterizedTest
  @EnumSource(AttentionMode.class)
  void write_chunksEnoughToRepeat_equalsJudge(AttentionMode attention) throws OrtException {
    // Repeated with a merge inside, without one, and from an odd place.
    ByteFormerArchitecture network =
        Models.network(16, 2, 4, 64, List.of(true, false, false, true), 3000, attention);
    requireParity(network, 3803, 1);
    ByteFormerArchitecture odd =
        new ByteFormerArchitecture(
            16,
            2,
            1,
            16,
            2,
            List.of(63, 255),
            List.of(31, 17),
            List.of(true, true),
            3000,
            3,
            1e-5,
            attention);
    requireParity(odd, 1900, 1);
  }

  @ParameterizedTest
  @EnumSource(AttentionMode.class)
  void write_windowAsLongAsWide_equalsJudge(AttentionMode attention) throws OrtException {
    ByteFormerArchitecture network =
        Models.network(64, 2, 4, 64, List.of(true, true, false, true), 256, attention);
    for (int length : new int[] {78, 300, 307, 512}) {
      requireParity(network, length, 2);
    }
  }

  @ParameterizedTest
  @EnumSource(AttentionMode.class)
  void write_mergedSequenceAsLongAsWide_equalsJudge(AttentionMode attention) throws OrtException {
    ByteFormerArchitecture network =
        Models.network(32, 1, 2, 16, List.of(true, true), 256, attention);
    for (int length : new int[] {64, 65, 128, 33}) {
      requireParity(network, length, 3);
    }
  }

  @ParameterizedTest
  @EnumSource(AttentionMode.class)
  void write_shortAndOddLengths_equalsJudge(AttentionMode attention) throws OrtException {
    ByteFormerArchitecture network =
        Models.network(96, 3, 4, 16, List.of(true, false, true, false, false), 512, attention);
    for (int length : new int[] {4, 5, 78, 307, 308}) {
      requireParity(network, length, 4);
    }
  }

  @Property(tries = 60)
  void write_anyArchitecture_equalsJudge(
      @ForAll("architectures") ByteFormerArchitecture network,
      @ForAll @IntRange(max = 120) int more,
      @ForAll long seed)
      throws OrtException {
    requireParity(network, network.kernelSize() + more, seed);
  }

  @Provide
  Arbitrary<ByteFormerArchitecture> architectures() {
    Arbitrary<Integer> heads = Arbitraries.integers().between(1, 4);
    Arbitrary<Integer> headSizes = Arbitraries.integers().between(1, 12);
    Arbitrary<Integer> strides = Arbitraries.integers().between(1, 6);
    Arbitrary<List<Integer>> windows = Arbitraries.integers().between(1, 40).list().ofSize(3);
    Arbitrary<List<Integer>> shifts = Arbitraries.integers().between(0, 50).list().ofSize(3);
    Arbitrary<List<Boolean>> merges = Arbitraries.of(true, false).list().ofSize(3);
    return Combinators.combine(
            heads, headSizes, strides, windows, shifts, merges, Arbitraries.of(AttentionMode.class))
        .as((head, headSize, stride, window, shift, merge, attention) ->
            new ByteFormerArchitecture(
                head * headSize,
                3,
                head,
                2 * head * headSize,
                2 * stride,
                window,
                shift,
                merge,
                200,
                5,
                1e-5,
                attention))
        // Norms of one or two channels make nothing but signs, of which rounding may decide.
        .filter(network -> network.embeddingSize() > 2);
  }

  @Test
  void write_batchInvariantNetwork_answersAsIfPaddingWereNotThere() throws OrtException {
    ByteFormerArchitecture network =
        Models.network(
            32, 2, 4, 16, List.of(true, false, true), 800, AttentionMode.BATCH_INVARIANT);
    Weights weights = Models.weights(network, 9);
    byte[] readout = Models.readouts(1, 307, 9).getFirst();
    int[] padded = new int[readout.length + 1000];
    Arrays.setAll(
        padded,
        i -> i < readout.length ? Byte.toUnsignedInt(readout[i]) : network.vocabulary() - 1);
    byte[] file =
        ModelFile.of(Models.card(network, readout.length), weights, GraphForm.FAST).toByteArray();
    try (OnnxModel model = new OnnxModel(file)) {
      assertThat(model.logits(List.of(readout))[0])
          .containsExactly(
              new ReferenceForward(network, weights).logits(padded), within((float) SAME));
    }
  }

  private static void requireParity(ByteFormerArchitecture network, int length, long seed)
      throws OrtException {
    Weights weights = Models.weights(network, seed);
    List<byte[]> readouts = Models.readouts(3, length, seed);
    ReferenceForward judge = new ReferenceForward(network, weights);
    for (GraphForm form : GraphForm.values()) {
      byte[] file = ModelFile.of(Models.card(network, length), weights, form).toByteArray();
      try (OnnxModel model = new OnnxModel(file)) {
        List<float[]> singles = new ArrayList<>();
        for (byte[] readout : readouts) {
          float[] logits = model.logits(List.of(readout))[0];
          assertThat(logits)
              .as("%s, %d bytes", form, length)
              .containsExactly(judge.logits(readout), within((float) TOLERANCE));
          singles.add(logits);
        }
        float[][] batch = model.logits(readouts);
        for (int i = 0; i < batch.length; i++) {
          assertThat(batch[i])
              .as("%s, %d bytes, batch", form, length)
              .containsExactly(singles.get(i), within((float) SAME));
        }
      }
    }
  }
}
