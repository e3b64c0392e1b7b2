package dev.blindsight.protocol.model;

import dev.blindsight.protocol.UserError;

/**
 * One measured accuracy, with the command that measured it.
 *
 * @param dataset what it was measured on
 * @param split which part of it, as {@code test}
 * @param pictures how many pictures, at least 1
 * @param top1 the share whose first answer was right, 0..1
 * @param command the command line that measured it
 */
public record Accuracy(String dataset, String split, int pictures, double top1, String command) {
  /**
   * @throws UserError when a figure is out of range
   */
  public Accuracy {
    if (pictures < 1) {
      throw new UserError("pictures is %d: give at least 1".formatted(pictures));
    }
    if (!(top1 >= 0.0 && top1 <= 1.0)) {
      throw new UserError("top1 is %s: give a share from 0 to 1".formatted(top1));
    }
  }
}
