package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.model.ModelCard;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Random readouts that a model is compared on with the plain-Java network. */
final class CheckReadouts {
  /** Multiplications that the check may cost the plain-Java network: a few seconds. */
  private static final long BUDGET = 2_000_000_000L;

  private static final int MOST = 64;

  private static final long CALIBRATION_BUDGET = 200_000_000_000L;
  private static final int MOST_FOR_CALIBRATION = 512;

  private CheckReadouts() {}

  /** As many as the budget allows, at least one; the same seed gives the same. */
  static List<byte[]> random(ModelCard card, long seed) {
    return random(card, Math.clamp(BUDGET / cost(card), 1, MOST), seed);
  }

  /** The number of readouts from which scales are found, within a minute of ONNX Runtime's time. */
  static int calibrationCount(ModelCard card) {
    return Math.clamp(CALIBRATION_BUDGET / cost(card), 8, MOST_FOR_CALIBRATION);
  }

  /** Bytes of which each has any value with the same probability. */
  static List<byte[]> random(ModelCard card, int count, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(_ -> {
          byte[] readout = new byte[card.inputLength()];
          random.nextBytes(readout);
          return readout;
        })
        .toList();
  }

  private static long cost(ModelCard card) {
    return card.architecture().multiplyAdds(card.networkLength());
  }
}
