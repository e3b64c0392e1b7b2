package dev.blindsight.camera.cli;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads a command's configuration file in YAML. A variable of the environment takes the place of a
 * key: the prefix, then the key in upper case, two underscores between levels, as {@code
 * BLINDSIGHT_AGENT_SENSOR__SOURCE} for {@code sensor.source}. Its value is read as YAML.
 */
final class ConfigurationFile {
  private static final StrictMapper YAML = StrictMapper.over(YAMLMapper.builder());
  private static final String LEVEL = "__";

  private ConfigurationFile() {}

  /**
   * Reads a file.
   *
   * @param type the record the file is bound to
   * @param prefix of the variables that belong to this file, ending in an underscore
   * @param environment the variables
   * @throws UserError one line that names file or variable, key and remedy
   */
  static <T> T read(Path file, Class<T> type, String prefix, Map<String, String> environment) {
    JsonNode tree = YAML.tree(file);
    List<String> source = new ArrayList<>(List.of(file.toString()));
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      if (variable.getKey().startsWith(prefix) && tree instanceof ObjectNode root) {
        override(root, variable.getKey().substring(prefix.length()), variable);
        source.add(variable.getKey());
      }
    }
    return YAML.bind(tree, type, String.join(" with ", source));
  }

  private static void override(ObjectNode root, String name, Map.Entry<String, String> variable) {
    String[] keys = name.toLowerCase(Locale.ROOT).split(LEVEL, -1);
    ObjectNode group = root;
    for (int level = 0; level < keys.length - 1; level++) {
      JsonNode inner = group.get(keys[level]);
      if (inner != null && !inner.isObject()) {
        throw new UserError(
            "%s: %s is no group of keys: name another key"
                .formatted(variable.getKey(), keys[level]));
      }
      group = inner == null ? group.putObject(keys[level]) : (ObjectNode) inner;
    }
    group.set(keys[keys.length - 1], YAML.tree(variable.getValue(), variable.getKey()));
  }
}
