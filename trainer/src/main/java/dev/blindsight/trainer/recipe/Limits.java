package dev.blindsight.trainer.recipe;

import dev.blindsight.protocol.UserError;

/** Range checks of recipe fields, worded for the person who wrote the recipe. */
final class Limits {
  private Limits() {}

  static void whole(String key, long value, long minimum, long maximum) {
    if (value < minimum || value > maximum) {
      throw new UserError(
          "%s is %d: give a whole number from %d to %d".formatted(key, value, minimum, maximum));
    }
  }

  static void number(String key, double value, double minimum, double maximum) {
    if (!(value >= minimum && value <= maximum)) {
      throw new UserError(
          "%s is %s: give a number from %s to %s".formatted(key, value, minimum, maximum));
    }
  }

  /** A share that may be 0 but not all: 0 up to, not including, 1. */
  static void share(String key, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new UserError("%s is %s: give a number from 0 to below 1".formatted(key, value));
    }
  }

  static void text(String key, String value, int longest) {
    if (value.isBlank() || value.length() > longest) {
      throw new UserError(
          "%s has %d characters: give 1 to %d".formatted(key, value.strip().length(), longest));
    }
  }
}
