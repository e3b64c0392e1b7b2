package dev.blindsight.protocol.seal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.BytePermutation;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Turns a device's readouts into those a model knows: the φ of the model after the inverse φ of the
 * device. Whoever holds the table and one of the two knows the other, so a worker that is to know
 * neither serves models with a φ of their own.
 */
public final class TranslationTable {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{512}");

  private final BytePermutation permutation;

  private TranslationTable(BytePermutation permutation) {
    this.permutation = permutation;
  }

  /** The table from one φ to the other, so that {@code T[from(v)] = to(v)} for every value v. */
  public static TranslationTable between(BytePermutation from, BytePermutation to) {
    int[] table = new int[BytePermutation.VALUES];
    for (int value = 0; value < table.length; value++) {
      table[from.apply(value)] = to.apply(value);
    }
    return new TranslationTable(BytePermutation.of(table));
  }

  /**
   * The table of a grant file.
   *
   * @param hex 512 lower-case hex digits, each of the 256 bytes once
   * @throws UserError otherwise
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static TranslationTable ofHex(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw new UserError(
          "a table is 512 lower-case hex digits: write the grant anew with `provision grant`");
    }
    byte[] bytes = HexFormat.of().parseHex(hex);
    int[] table = new int[bytes.length];
    Arrays.setAll(table, value -> Byte.toUnsignedInt(bytes[value]));
    return new TranslationTable(BytePermutation.of(table));
  }

  /** For grant files alone. */
  @JsonValue
  String hex() {
    byte[] bytes = new byte[BytePermutation.VALUES];
    for (int value = 0; value < bytes.length; value++) {
      bytes[value] = (byte) permutation.apply(value);
    }
    return HexFormat.of().formatHex(bytes);
  }

  /** Translates a readout's values, in place. */
  public void apply(byte[] values) {
    for (int slot = 0; slot < values.length; slot++) {
      values[slot] = (byte) permutation.apply(Byte.toUnsignedInt(values[slot]));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TranslationTable that && permutation.equals(that.permutation);
  }

  @Override
  public int hashCode() {
    return permutation.hashCode();
  }

  @Override
  public String toString() {
    return "TranslationTable[hidden]";
  }
}
