package dev.blindsight.protocol.message;

import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.charset.StandardCharsets;

/** Bounds that fields of several messages share. */
final class Fields {
  static final int LONGEST_REQUEST_ID = 64;
  static final int LONGEST_MODEL_ID = 128;

  /** A sealed envelope counts the bytes of a model id in one byte. */
  static final int LONGEST_MODEL_ID_BYTES = 255;

  static final int LONGEST_WORKER = 128;
  static final int LONGEST_LABEL = 256;
  static final int LONGEST_DETAIL = 512;
  static final int MOST_CANDIDATES = 64;

  private Fields() {}

  static void requireRequestId(String requestId) {
    if (!DeviceAddress.isIdentifier(requestId, LONGEST_REQUEST_ID)) {
      throw new IllegalArgumentException(
          "request_id is not 1..%d of the characters A-Z a-z 0-9 _ . -"
              .formatted(LONGEST_REQUEST_ID));
    }
  }

  static void requireModelId(String modelId) {
    requireText("model_id", modelId, LONGEST_MODEL_ID);
    if (modelId.getBytes(StandardCharsets.UTF_8).length > LONGEST_MODEL_ID_BYTES) {
      throw new IllegalArgumentException(
          "model_id has more than %d bytes as UTF-8".formatted(LONGEST_MODEL_ID_BYTES));
    }
  }

  /** A text of 1..longest characters without control characters. */
  static void requireText(String field, String text, int longest) {
    if (text.isEmpty() || text.length() > longest || hasControlCharacter(text)) {
      throw new IllegalArgumentException(
          "%s is not 1..%d characters without control characters".formatted(field, longest));
    }
  }

  /** Without a stream, for every candidate of every answer comes through here. */
  private static boolean hasControlCharacter(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
