package dev.blindsight.camera.sensor;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.NearestWord;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where exposures come from, written {@code [scheme:]location[?key=value&...]}, as {@code
 * simulated:pictures/test?loop=true} or just {@code pictures/test}.
 *
 * @param scheme lower case; empty when none is written, and a provider is found by the location
 * @param location a path, an address: the provider's to interpret
 * @param options in the order written
 */
public record SensorSource(String scheme, String location, SequencedMap<String, String> options) {
  private static final Pattern FORM =
      Pattern.compile("(?:([a-z][a-z0-9+.-]+):)?+([^?]+)(?:\\?(.*))?");

  /** Whatever stands before the last at sign: a password may itself contain some. */
  private static final Pattern USER = Pattern.compile("//.*@");

  private static final Pattern SECRET_OPTION =
      Pattern.compile("(?i)([?&][^=&]*(?:pass|pwd|token|key|secret|auth)[^=&]*=)[^&]*");

  public SensorSource {
    options = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(options));
  }

  /**
   * Reads a source as a person writes it.
   *
   * @throws UserError when it has no location, or an option is not {@code key=value} or is repeated
   */
  public static SensorSource parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new UserError(
          "sensor source \"%s\": write [scheme:]location[?key=value&...], as simulated:pictures/test"
              .formatted(withoutSecrets(text)));
    }
    String scheme = matcher.group(1) == null ? "" : matcher.group(1);
    return new SensorSource(scheme, matcher.group(2), options(text, matcher.group(3)));
  }

  private static SequencedMap<String, String> options(String text, @Nullable String query) {
    SequencedMap<String, String> options = new LinkedHashMap<>();
    if (query == null || query.isEmpty()) {
      return options;
    }
    for (String option : query.split("&", -1)) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw new UserError(
            "sensor source \"%s\": option \"%s\": write key=value"
                .formatted(withoutSecrets(text), option));
      }
      String previous =
          options.putIfAbsent(option.substring(0, equals), option.substring(equals + 1));
      if (previous != null) {
        throw new UserError(
            "sensor source \"%s\": option %s is there twice: give it once"
                .formatted(withoutSecrets(text), option.substring(0, equals)));
      }
    }
    return options;
  }

  /**
   * Refuses options the provider does not know.
   *
   * @throws UserError that names the nearest known option
   */
  public void requireOptionsAmong(Set<String> known) {
    for (Map.Entry<String, String> option : options.entrySet()) {
      if (!known.contains(option.getKey())) {
        throw new UserError(
            "sensor source \"%s\": unknown option %s: did you mean %s?"
                .formatted(
                    withoutSecrets(), option.getKey(), NearestWord.to(option.getKey(), known)));
      }
    }
  }

  /**
   * A whole number among the options.
   *
   * @param otherwise its value when it is not given
   * @param least the smallest value allowed
   * @param most the largest value allowed
   * @throws UserError that names the option and its range
   */
  public long wholeNumber(String option, long otherwise, long least, long most) {
    String text = options.get(option);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below, together with numbers out of range.
    }
    throw wrong(option, "give a whole number from %d to %d".formatted(least, most));
  }

  /**
   * A decimal number among the options.
   *
   * @param otherwise its value when it is not given
   * @param least the smallest value allowed
   * @param most the largest value allowed
   * @throws UserError that names the option and its range
   */
  public double number(String option, double otherwise, double least, double most) {
    String text = options.get(option);
    if (text == null) {
      return otherwise;
    }
    try {
      // Unlike a double, a decimal number is never infinite, not a number, or hexadecimal.
      double value = new BigDecimal(text).doubleValue();
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below, together with numbers out of range.
    }
    throw wrong(option, "give a number from %s to %s".formatted(plain(least), plain(most)));
  }

  private static String plain(double number) {
    return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
  }

  /**
   * The error of an option that is given and cannot be used.
   *
   * @param remedy what to give instead
   */
  public UserError wrong(String option, String remedy) {
    return new UserError(
        "sensor source \"%s\": option %s is \"%s\": %s"
            .formatted(this, option, options.get(option), remedy));
  }

  /** The same source with an option set. */
  public SensorSource with(String option, String value) {
    SequencedMap<String, String> changed = new LinkedHashMap<>(options);
    changed.put(option, value);
    return new SensorSource(scheme, location, changed);
  }

  /** The source for messages and logs: as written, but for user names and passwords. */
  public String withoutSecrets() {
    return withoutSecrets(toString());
  }

  private static String withoutSecrets(String text) {
    return SECRET_OPTION.matcher(USER.matcher(text).replaceAll("//")).replaceAll("$1...");
  }

  /** The source as written, user names and passwords included. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(scheme.isEmpty() ? "" : scheme + ":").append(location);
    String separator = "?";
    for (Map.Entry<String, String> option : options.entrySet()) {
      text.append(separator).append(option.getKey()).append('=').append(option.getValue());
      separator = "&";
    }
    return text.toString();
  }
}
