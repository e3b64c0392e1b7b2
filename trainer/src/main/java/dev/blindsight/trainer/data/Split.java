package dev.blindsight.trainer.data;

import java.util.Locale;

/** The part of a data set that is not learned from. */
public enum Split {
  /** What accuracy is watched on while learning. */
  VALIDATION,
  /** What the final figure is measured on, and nothing is ever chosen by. */
  TEST;

  /** The name as in reports: lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
