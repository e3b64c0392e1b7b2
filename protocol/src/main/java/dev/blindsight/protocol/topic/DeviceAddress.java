package dev.blindsight.protocol.topic;

import dev.blindsight.protocol.UserError;

/**
 * Where a device is: the two names every topic of it carries.
 *
 * @param site the site's name
 * @param device the device's name, unique within the site
 */
public record DeviceAddress(String site, String device) {
  /** The longest name in characters. */
  public static final int LONGEST_NAME = 64;

  /**
   * @throws UserError when a name is empty, too long, or has other characters than letters a-z,
   *     digits, underscore, dot and hyphen, or begins with dot or hyphen
   */
  public DeviceAddress {
    requireName("site", site);
    requireName("device", device);
  }

  /** Whether a text can be a site's or a device's name. */
  public static boolean isName(String name) {
    return isIdentifier(name, LONGEST_NAME) && name.charAt(0) != '.' && name.charAt(0) != '-';
  }

  /**
   * Whether a text is 1 to {@code longest} of the characters A-Z a-z 0-9 _ . - alone. Without a
   * pattern, for every message that comes is asked several times.
   */
  public static boolean isIdentifier(String text, int longest) {
    if (text.isEmpty() || text.length() > longest) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      boolean allowed =
          (character >= 'A' && character <= 'Z')
              || (character >= 'a' && character <= 'z')
              || (character >= '0' && character <= '9')
              || character == '_'
              || character == '.'
              || character == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  private static void requireName(String field, String name) {
    if (!isName(name)) {
      throw new UserError(
          "%s is \"%s\": give 1 to %d of the characters A-Z a-z 0-9 _ . -, not . or - first"
              .formatted(field, printable(name), LONGEST_NAME));
    }
  }

  private static String printable(String name) {
    return name.substring(0, Math.min(name.length(), LONGEST_NAME)).replaceAll("\\p{C}", "?");
  }

  @Override
  public String toString() {
    return site + "/" + device;
  }
}
