package dev.blindsight.protocol.model;

import dev.blindsight.protocol.UserError;
import java.util.regex.Pattern;

/**
 * Where a model comes from.
 *
 * @param recipe the recipe's name
 * @param recipeSha256 SHA-256 of the resolved recipe, 64 lower-case hex digits
 * @param dataset what it was trained on
 * @param seed the seed of the run
 * @param epochs passes over the training split, at least 0
 * @param trainer the version of the trainer
 */
public record Training(
    String recipe, String recipeSha256, String dataset, long seed, int epochs, String trainer) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws UserError when the digest is malformed or {@code epochs} negative
   */
  public Training {
    if (!SHA256.matcher(recipeSha256).matches()) {
      throw new UserError("recipe_sha256 is not 64 lower-case hex digits: export again");
    }
    if (epochs < 0) {
      throw new UserError("epochs is %d: give 0 or more".formatted(epochs));
    }
  }
}
