package dev.blindsight.protocol.document;

import dev.blindsight.protocol.UserError;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns what Jackson reports into one line for a person. */
final class DocumentErrors {
  private static final int LONGEST_QUOTE = 40;

  private DocumentErrors() {}

  /** The text is not well-formed. */
  static UserError malformed(JacksonException e, String source) {
    TokenStreamLocation location = e.getLocation();
    String place =
        location == null || location.getLineNr() < 1
            ? ""
            : "line %d, column %d: ".formatted(location.getLineNr(), location.getColumnNr());
    return new UserError(
        "%s: %s%s: correct the syntax there".formatted(source, place, sentence(e)), e);
  }

  /** The document is not a group of keys, where a record is asked for. */
  static UserError notAGroup(Class<?> type, String source) {
    return new UserError("%s: expected %s".formatted(source, expected(type)));
  }

  /** The tree does not fit the record. */
  static UserError unbound(JacksonException e, JsonNode tree, String source) {
    String path = path(e);
    String place = path.isEmpty() ? source : source + ": " + path;
    return new UserError(place + ": " + reason(e, found(e, tree)), e);
  }

  /** At most forty characters, without control characters. */
  static String shortened(String text) {
    String cut =
        text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE - 3) + "...";
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  private static String reason(JacksonException e, @Nullable JsonNode found) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserError error) {
        return error.getMessage();
      }
    }
    return switch (e) {
      case UnrecognizedPropertyException unknown -> unknown(unknown);
      case MismatchedInputException _ when found == null -> "is missing: add it";
      case InvalidNullException _ -> "is empty: give it a value";
      case MismatchedInputException mismatch -> mismatch(mismatch.getTargetType(), found);
      case InputCoercionException overflow when found != null ->
          mismatch(overflow.getTargetType(), found);
      default -> sentence(e) + ": correct it";
    };
  }

  private static String mismatch(@Nullable Class<?> type, JsonNode found) {
    return "expected %s, found %s".formatted(expected(type), shortened(found.toString()));
  }

  private static String unknown(UnrecognizedPropertyException e) {
    Collection<Object> known = e.getKnownPropertyIds();
    return known == null || known.isEmpty()
        ? "unknown key: remove it"
        : "unknown key: did you mean %s?"
            .formatted(
                NearestWord.to(e.getPropertyName(), known.stream().map(Object::toString).toList()));
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "another kind of value";
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type == double.class || type == Double.class || type == float.class) {
      return "a number";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a whole number in range";
    }
    if (type == String.class) {
      return "a text in quotes";
    }
    if (type.isArray() || Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    if (type.isRecord()) {
      return Arrays.stream(type.getRecordComponents())
          .map(UnknownKeys::key)
          .collect(Collectors.joining(", ", "the keys ", ""));
    }
    return Map.class.isAssignableFrom(type) ? "a group of keys" : "a " + type.getSimpleName();
  }

  private static String path(JacksonException e) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : e.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(shortened(step.getPropertyName()));
      }
    }
    return path.toString();
  }

  private static @Nullable JsonNode found(JacksonException e, JsonNode tree) {
    JsonNode node = tree;
    for (JacksonException.Reference step : e.getPath()) {
      node =
          step.getPropertyName() == null
              ? node.get(step.getIndex())
              : node.get(step.getPropertyName());
      if (node == null) {
        return null;
      }
    }
    return node;
  }

  /** What Jackson says without the places it adds below; YAML's parser says it in several lines. */
  private static String sentence(JacksonException e) {
    if (e.getOriginalMessage().startsWith("Trailing token")) {
      return "the document ends before this, and more follows";
    }
    String said =
        e.getOriginalMessage()
            .lines()
            .filter(line -> !line.startsWith(" "))
            .limit(2)
            .collect(Collectors.joining(", "));
    return said.isEmpty() ? "cannot be read" : said.replaceAll("\\p{Cntrl}", "?");
  }
}
