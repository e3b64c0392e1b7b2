package dev.blindsight.protocol.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.blindsight.protocol.UserError;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.type.TypeFactory;

/** Finds keys in a tree that the record it is to be bound to does not have. */
final class UnknownKeys {
  private final TypeFactory types;
  private final String source;

  UnknownKeys(TypeFactory types, String source) {
    this.types = types;
    this.source = source;
  }

  /**
   * Looks through records, and lists and maps of records. Other types are left to the binding.
   *
   * @throws UserError that names the first unknown key and the nearest known one
   */
  void check(JsonNode node, JavaType type) {
    check(node, type, "");
  }

  private void check(JsonNode node, JavaType type, String path) {
    if (node.isObject() && type.getRawClass().isRecord()) {
      checkRecord(node, type, path);
    } else if (node.isObject() && type.isMapLikeType()) {
      node.properties()
          .forEach(
              entry -> check(entry.getValue(), type.getContentType(), join(path, entry.getKey())));
    } else if (node.isArray() && type.isContainerType()) {
      for (int i = 0; i < node.size(); i++) {
        check(node.get(i), type.getContentType(), path + "[" + i + "]");
      }
    }
  }

  private void checkRecord(JsonNode node, JavaType type, String path) {
    Map<String, JavaType> known = new LinkedHashMap<>();
    for (RecordComponent component : type.getRawClass().getRecordComponents()) {
      known.put(key(component), types.constructType(component.getGenericType()));
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      JavaType member = known.get(entry.getKey());
      if (member == null) {
        throw new UserError(
            "%s: %s: unknown key: did you mean %s?"
                .formatted(
                    source,
                    join(path, DocumentErrors.shortened(entry.getKey())),
                    NearestWord.to(entry.getKey(), known.keySet())));
      }
      check(entry.getValue(), member, join(path, entry.getKey()));
    }
  }

  static String key(RecordComponent component) {
    JsonProperty explicit = component.getAccessor().getAnnotation(JsonProperty.class);
    return explicit == null || explicit.value().isEmpty()
        ? SnakeCase.NAMING.translate(component.getName())
        : explicit.value();
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
