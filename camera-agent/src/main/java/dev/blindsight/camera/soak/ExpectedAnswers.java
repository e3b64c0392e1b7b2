package dev.blindsight.camera.soak;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.protocol.message.Candidate;
import java.util.ArrayList;
import java.util.List;

/**
 * What the model says of each readout when it is asked directly. An answer is right when it has the
 * same label on top with the same probability, but for the rounding of other batch sizes.
 */
final class ExpectedAnswers {
  private static final double ROUNDING = 2e-3;

  private final SoakReadouts readouts;
  private final List<List<Candidate>> answers = new ArrayList<>();

  ExpectedAnswers(Model model, SoakReadouts readouts) {
    this.readouts = readouts;
    for (int i = 0; i < readouts.size(); i++) {
      answers.add(model.classify(readouts.values(i), 2).labels());
    }
  }

  /**
   * Whether an answer is right.
   *
   * @param label on top
   * @param probability of the label
   */
  boolean agree(int camera, long sequence, String label, double probability) {
    List<Candidate> expected = answers.get(readouts.which(camera, sequence));
    // Between two that are as likely, rounding decides.
    return expected.stream()
        .filter(candidate -> candidate.label().equals(label))
        .anyMatch(candidate ->
            Math.abs(candidate.probability() - probability) < ROUNDING
                && expected.getFirst().probability() - candidate.probability() < ROUNDING);
  }
}
