package dev.blindsight.protocol.topic;

import dev.blindsight.protocol.UserError;
import java.util.regex.Pattern;

/**
 * Where a device is: the two names every topic of it carries.
 *
 * @param site the site's name
 * @param device the device's name, unique within the site
 */
public record DeviceAddress(String site, String device) {
  /** The longest name in characters. */
  public static final int LONGEST_NAME = 64;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

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
    return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
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
