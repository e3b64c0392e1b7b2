package dev.blindsight.protocol.model;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SpecId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a model says of itself: JSON under the key {@value #METADATA_KEY} in the ONNX metadata.
 *
 * @param version of the card's form, {@value #VERSION}
 * @param name the model's name, 1..128 characters
 * @param spec the readout spec it was trained for
 * @param readout that spec's definition; of a keyed one only the device can compute the spec
 * @param inputLength bytes of one input
 * @param paddedLength to how many tokens before the convolution the network pads an input, as
 *     CoreNet's collate function pads to the longest sample of a batch: in reference attention
 *     padding takes part, so the answer depends on it; null when inputs are taken as they are
 * @param labels the classes' names in the order of the logits, 1..256 characters each, no two alike
 * @param architecture the network
 * @param training where it comes from
 * @param accuracy what was measured, may be empty
 * @param licence the licence note, if any
 */
public record ModelCard(
    int version,
    String name,
    SpecId spec,
    ReadoutSpecDefinition readout,
    int inputLength,
    @Nullable Integer paddedLength,
    List<String> labels,
    ByteFormerArchitecture architecture,
    Training training,
    List<Accuracy> accuracy,
    @Nullable String licence) {
  /** The key of the card in a model file's metadata. */
  public static final String METADATA_KEY = "blindsight.card";

  /** The version of the card's form that this code writes and reads. */
  public static final int VERSION = 1;

  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_LABEL = 256;
  private static final int LARGEST_EXPOSURE = 1 << 25;
  private static final int LONGEST_CARD = 8 << 20;
  private static final String SOURCE = "model card";

  /**
   * @throws UserError when fields disagree or are out of range
   */
  public ModelCard {
    labels = List.copyOf(labels);
    accuracy = List.copyOf(accuracy);
    if (version != VERSION) {
      throw new UserError(
          "version is %d: this program reads version %d; use a matching release"
              .formatted(version, VERSION));
    }
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new UserError(
          "name has %d characters: give 1 to %d".formatted(name.length(), LONGEST_NAME));
    }
    if (labels.size() != architecture.classes()) {
      throw new UserError(
          "labels has %d entries for %d classes: give one for each class"
              .formatted(labels.size(), architecture.classes()));
    }
    requireLabels(labels);
    if (inputLength != readout.length()) {
      throw new UserError(
          "input_length is %d, but the readout keeps %d bytes: export the model for its readout spec"
              .formatted(inputLength, readout.length()));
    }
    if (paddedLength != null) {
      requirePadding(paddedLength, inputLength, architecture);
    }
    architecture.tokens(paddedLength == null ? inputLength : paddedLength);
    // A card may come from a stranger: the mask is not computed before its size is known to be
    // sane.
    if (readout.geometry().elements() > LARGEST_EXPOSURE) {
      throw new UserError(
          "readout.geometry has %d channel values: models take at most %d"
              .formatted(readout.geometry().elements(), LARGEST_EXPOSURE));
    }
    if (!readout.needsSecret()) {
      ReadoutSpec resolved =
          readout.resolve(secret -> {
            throw new IllegalStateException("no secret is needed");
          });
      if (!resolved.id().equals(spec)) {
        throw new UserError(
            "spec is %s, but the readout it describes is %s: export the model again"
                .formatted(spec.abbreviated(), resolved.id().abbreviated()));
      }
    }
  }

  private static void requirePadding(
      int paddedLength, int inputLength, ByteFormerArchitecture architecture) {
    if (architecture.attention() != AttentionMode.REFERENCE) {
      throw new UserError(
          "padded_length is %d, but only reference attention sees padding: leave it out"
              .formatted(paddedLength));
    }
    if (paddedLength < inputLength) {
      throw new UserError(
          "padded_length is %d, shorter than input_length %d: give at least that or leave it out"
              .formatted(paddedLength, inputLength));
    }
  }

  private static void requireLabels(List<String> labels) {
    Set<String> seen = new HashSet<>();
    for (String label : labels) {
      if (label.isBlank() || label.length() > LONGEST_LABEL) {
        throw new UserError(
            "labels has an entry of %d characters: give 1 to %d"
                .formatted(label.strip().length(), LONGEST_LABEL));
      }
      if (label.chars().anyMatch(Character::isISOControl)) {
        throw new UserError("labels has an entry with control characters: remove them");
      }
      if (!seen.add(label)) {
        throw new UserError(
            "labels names \"%s\" twice: give each class its own name".formatted(label));
      }
    }
  }

  /** The length that the network sees: {@code inputLength} and padding, if any. */
  public int networkLength() {
    return paddedLength == null ? inputLength : paddedLength;
  }

  /** The same card with other measurements. */
  public ModelCard withAccuracy(List<Accuracy> measured) {
    return new ModelCard(
        version,
        name,
        spec,
        readout,
        inputLength,
        paddedLength,
        labels,
        architecture,
        training,
        measured,
        licence);
  }

  /** The card as JSON, with stable field order. */
  public String toJson() {
    return StrictMapper.json().write(this);
  }

  /**
   * Reads a card.
   *
   * @throws UserError one line, when the text is not a card of version {@value #VERSION}
   */
  public static ModelCard parse(String json) {
    if (json.length() > LONGEST_CARD) {
      throw new UserError(
          "%s has %d characters, more than %d: export the model again"
              .formatted(SOURCE, json.length(), LONGEST_CARD));
    }
    return StrictMapper.json().read(json, ModelCard.class, SOURCE);
  }
}
