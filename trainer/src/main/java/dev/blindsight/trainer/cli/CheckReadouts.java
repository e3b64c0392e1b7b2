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

  private CheckReadouts() {}

  /** As many as the budget allows, at least one; the same seed gives the same. */
  static List<byte[]> random(ModelCard card, long seed) {
    long cost = card.architecture().multiplyAdds(card.networkLength());
    Random random = new Random(seed);
    return IntStream.range(0, Math.clamp(BUDGET / cost, 1, MOST))
        .mapToObj(_ -> {
          byte[] readout = new byte[card.inputLength()];
          random.nextBytes(readout);
          return readout;
        })
        .toList();
  }
}
