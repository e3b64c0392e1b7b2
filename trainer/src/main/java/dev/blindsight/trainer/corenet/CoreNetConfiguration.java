package dev.blindsight.trainer.corenet;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A configuration file of CoreNet (YAML), by dotted keys as {@code
 * model.classification.byteformer.mode}.
 *
 * <p>Most keys are about training and CoreNet's own business: only those that are asked for are
 * looked at, and those must be of the right type and range.
 */
public final class CoreNetConfiguration {
  private static final StrictMapper YAML = StrictMapper.over(YAMLMapper.builder());
  private static final int LONGEST_LIST = 1024;

  private final String source;
  private final Map<String, JsonNode> values = new HashMap<>();

  private CoreNetConfiguration(String source) {
    this.source = source;
  }

  /**
   * Reads a file.
   *
   * @throws UserError one line, when it cannot be read or is no YAML of nested keys
   */
  public static CoreNetConfiguration read(Path file) {
    return of(YAML.tree(file), file.toString());
  }

  /**
   * As {@link #read}, from a text.
   *
   * @param source names the text in errors
   */
  static CoreNetConfiguration parse(String text, String source) {
    return of(YAML.tree(text, source), source);
  }

  private static CoreNetConfiguration of(JsonNode tree, String source) {
    if (!(tree instanceof ObjectNode root)) {
      throw new UserError(
          "%s: is no configuration of CoreNet: give a YAML file with keys such as model"
              .formatted(source));
    }
    CoreNetConfiguration configuration = new CoreNetConfiguration(source);
    configuration.flatten("", root);
    return configuration;
  }

  private void flatten(String prefix, ObjectNode group) {
    for (Map.Entry<String, JsonNode> entry : group.properties()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ObjectNode below) {
        flatten(key + ".", below);
      } else if (!entry.getValue().isNull() && values.put(key, entry.getValue()) != null) {
        throw wrong(key, "is there twice", "keep one");
      }
    }
  }

  /** A text, as {@code fHWC}. */
  public Optional<String> text(String key) {
    return value(
        key, "a text", node -> node.isString() ? Optional.of(node.asString()) : Optional.empty());
  }

  /** True or false; false where nothing is said, as CoreNet takes it. */
  boolean isSet(String key) {
    return value(key, "true or false", CoreNetConfiguration::truth).orElse(false);
  }

  /** A whole number of a range. */
  Optional<Integer> whole(String key, int minimum, int maximum) {
    return value(
        key, "a whole number " + range(minimum, maximum), node -> whole(node, minimum, maximum));
  }

  /** A number. */
  Optional<Double> number(String key) {
    return value(
        key,
        "a number",
        node -> node.isNumber() ? Optional.of(node.doubleValue()) : Optional.empty());
  }

  /** A list of whole numbers of a range. */
  Optional<List<Integer>> wholes(String key, int minimum, int maximum) {
    return value(
        key,
        "a list of whole numbers " + range(minimum, maximum),
        list(node -> whole(node, minimum, maximum)));
  }

  /** A list of true and false. */
  Optional<List<Boolean>> truths(String key) {
    return value(key, "a list of true and false", list(CoreNetConfiguration::truth));
  }

  /** An error about what a key says. */
  UserError wrong(String key, String what, String remedy) {
    return new UserError("%s: %s %s: %s".formatted(source, key, what, remedy));
  }

  private <T> Optional<T> value(
      String key, String expected, Function<JsonNode, Optional<T>> reading) {
    JsonNode node = values.get(key);
    if (node == null) {
      if (values.keySet().stream().anyMatch(other -> other.startsWith(key + "."))) {
        throw wrong(key, "is a group of keys", "give " + expected);
      }
      return Optional.empty();
    }
    Optional<T> value = reading.apply(node);
    if (value.isEmpty()) {
      throw wrong(key, "is " + Printable.of(node.toString()), "give " + expected);
    }
    return value;
  }

  private static <T> Function<JsonNode, Optional<List<T>>> list(
      Function<JsonNode, Optional<T>> reading) {
    return node -> {
      if (!node.isArray() || node.size() > LONGEST_LIST) {
        return Optional.empty();
      }
      List<T> items = new ArrayList<>();
      for (JsonNode item : node) {
        reading.apply(item).ifPresent(items::add);
      }
      return items.size() == node.size() ? Optional.of(List.copyOf(items)) : Optional.empty();
    };
  }

  private static Optional<Boolean> truth(JsonNode node) {
    return node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty();
  }

  private static Optional<Integer> whole(JsonNode node, int minimum, int maximum) {
    boolean inRange =
        node.isIntegralNumber()
            && node.canConvertToInt()
            && node.intValue() >= minimum
            && node.intValue() <= maximum;
    return inRange ? Optional.of(node.intValue()) : Optional.empty();
  }

  private static String range(int minimum, int maximum) {
    return "from %d to %d".formatted(minimum, maximum);
  }
}
