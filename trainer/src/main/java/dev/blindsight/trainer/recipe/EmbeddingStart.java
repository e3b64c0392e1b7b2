package dev.blindsight.trainer.recipe;

/**
 * How the embedding table starts.
 *
 * @param start the kind of start
 * @param frequencies for the smooth start, the number of sine and cosine pairs, 0..64
 */
public record EmbeddingStart(Kind start, int frequencies) {

  /** The kind of start. */
  public enum Kind {
    /** Independent normal values, as CoreNet: neighbouring byte values begin as strangers. */
    RANDOM,
    /** A smooth random function of the byte value: neighbouring values begin alike. */
    SMOOTH
  }

  /**
   * @throws dev.blindsight.protocol.UserError when a field is out of range
   */
  public EmbeddingStart {
    Limits.whole("frequencies", frequencies, 0, 64);
  }
}
