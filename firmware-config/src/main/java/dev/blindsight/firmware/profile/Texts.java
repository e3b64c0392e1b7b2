package dev.blindsight.firmware.profile;

import dev.blindsight.protocol.UserError;

/** Checks of texts that a person wrote. */
final class Texts {
  private Texts() {}

  /**
   * @throws UserError when a text is blank, longer than {@code longest} or has control characters
   */
  static void requireLine(String key, String text, int longest) {
    if (text.isBlank() || text.length() > longest) {
      throw new UserError(
          "%s has %d characters: give 1 to %d".formatted(key, text.strip().length(), longest));
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new UserError("%s has control characters: write it in one line".formatted(key));
    }
  }
}
