package dev.blindsight.trainer.recipe;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Reads and writes recipes as YAML. A recipe's document is laid over the defaults, overrides are
 * laid over both, and the result must say exactly what {@link Recipe} asks for.
 */
public final class RecipeFile {
  private static final StrictMapper YAML =
      StrictMapper.over(
          YAMLMapper.builder()
              .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
              .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
              .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS));
  private static final String DEFAULTS = "defaults.yaml";

  private RecipeFile() {}

  /**
   * Reads a recipe.
   *
   * @param file a YAML file
   * @param overrides each {@code dotted.key=value}, the value as it would stand in the file
   * @throws UserError one line, when the file, an override or the recipe is not valid
   */
  public static Recipe read(Path file, List<String> overrides) {
    return parse(text(file), overrides, file.toString());
  }

  /**
   * As {@link #read}, from a text.
   *
   * @param source names the text in errors
   */
  public static Recipe parse(String text, List<String> overrides, String source) {
    JsonNode document = YAML.tree(text, source);
    if (!(document instanceof ObjectNode written)) {
      throw new UserError(
          "%s: is not a recipe: give keys such as name and dataset".formatted(source));
    }
    ObjectNode tree = defaults();
    lay(written, tree);
    overrides.forEach(override -> set(tree, override));
    return YAML.bind(tree, Recipe.class, overrides.isEmpty() ? source : source + " with --set");
  }

  /** The recipe with every default and override written out. */
  public static String write(Recipe recipe) {
    return YAML.write(recipe);
  }

  /** SHA-256 of {@link #write}, 64 lower-case hex digits. */
  public static String sha256(Recipe recipe) {
    try {
      byte[] text = write(recipe).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void lay(ObjectNode upper, ObjectNode lower) {
    for (Map.Entry<String, JsonNode> entry : upper.properties()) {
      if (entry.getValue() instanceof ObjectNode group
          && lower.get(entry.getKey()) instanceof ObjectNode beneath) {
        lay(group, beneath);
      } else {
        lower.set(entry.getKey(), entry.getValue());
      }
    }
  }

  private static void set(ObjectNode tree, String override) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new UserError("--set %s: give key=value, as training.epochs=10".formatted(override));
    }
    String[] path = override.substring(0, equals).strip().split("\\.", -1);
    String value = override.substring(equals + 1);
    ObjectNode group = tree;
    for (int step = 0; step < path.length - 1; step++) {
      JsonNode next = group.get(path[step]);
      if (next == null || next.isNull()) {
        group = group.putObject(path[step]);
      } else if (next instanceof ObjectNode below) {
        group = below;
      } else {
        throw new UserError(
            "--set %s: %s is a value, not a group of keys: shorten the key"
                .formatted(override, path[step]));
      }
    }
    String key = path[path.length - 1];
    JsonNode present = group.get(key);
    // A text stays a text even where the new one looks like a number.
    JsonNode node =
        present != null && present.isString()
            ? StringNode.valueOf(value)
            : YAML.tree(value, "--set " + override);
    group.set(key, node);
  }

  private static ObjectNode defaults() {
    try (InputStream in = RecipeFile.class.getResourceAsStream(DEFAULTS)) {
      String text =
          new String(Objects.requireNonNull(in, DEFAULTS).readAllBytes(), StandardCharsets.UTF_8);
      return (ObjectNode) YAML.tree(text, DEFAULTS);
    } catch (IOException e) {
      throw new UncheckedIOException("the recipe defaults cannot be read", e);
    }
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > StrictMapper.LONGEST_DOCUMENT) {
        throw new UserError("%s: is too long for a recipe: check the path".formatted(file));
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new UserError("%s: no such file: check the path of the recipe".formatted(file), e);
    } catch (CharacterCodingException e) {
      throw new UserError("%s: is not UTF-8 text: give a recipe in YAML".formatted(file), e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read: give a readable recipe".formatted(file), e);
    }
  }
}
