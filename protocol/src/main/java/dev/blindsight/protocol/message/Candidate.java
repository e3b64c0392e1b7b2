package dev.blindsight.protocol.message;

/**
 * One class a readout may show.
 *
 * @param label the class's name, 1..256 characters
 * @param probability 0..1
 */
public record Candidate(String label, double probability) {
  /**
   * @throws IllegalArgumentException when a field is out of bounds
   */
  public Candidate {
    Fields.requireText("label", label, Fields.LONGEST_LABEL);
    if (!(probability >= 0.0 && probability <= 1.0)) {
      throw new IllegalArgumentException("probability is " + probability);
    }
  }
}
