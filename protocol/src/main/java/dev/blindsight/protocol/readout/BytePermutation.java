package dev.blindsight.protocol.readout;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.random.KeyedGenerator;
import dev.blindsight.protocol.random.TorchGenerator;
import java.util.Arrays;

/**
 * φ: a bijection on 0..255, applied to every kept value.
 *
 * <p>The {@code corenet} table is {@code torch.randperm(256)} under the seed 2147483647 (CoreNet
 * 1aa3acd, {@code BytePermutation}); the {@code keyed} table comes from a {@link KeyedGenerator}
 * under the derivation label {@code permutation} with an empty context.
 */
public final class BytePermutation {
  /** The number of byte values, and of table entries. */
  public static final int VALUES = 256;

  private final int[] table;

  private BytePermutation(int[] table) {
    this.table = table;
  }

  /** The permutation that changes nothing. */
  public static BytePermutation identity() {
    int[] table = new int[VALUES];
    Arrays.setAll(table, value -> value);
    return new BytePermutation(table);
  }

  /**
   * The permutation with the given table: value {@code v} becomes {@code table[v]}.
   *
   * @param table 256 entries, each of 0..255 exactly once
   * @throws UserError when the table is not a bijection
   */
  public static BytePermutation of(int[] table) {
    if (table.length != VALUES) {
      throw new UserError(
          "the permutation table has %d entries: give %d".formatted(table.length, VALUES));
    }
    boolean[] seen = new boolean[VALUES];
    for (int value : table) {
      if (value < 0 || value >= VALUES || seen[value]) {
        throw new UserError(
            "%d in the permutation table is %s: give each of 0..255 exactly once"
                .formatted(value, value < 0 || value >= VALUES ? "out of range" : "repeated"));
      }
      seen[value] = true;
    }
    return new BytePermutation(table.clone());
  }

  /** The published permutation (CoreNet 1aa3acd, {@code BytePermutation}). */
  public static BytePermutation corenet() {
    return new BytePermutation(new TorchGenerator(ChannelMask.CORENET_SEED).permutation(VALUES));
  }

  /** The permutation that belongs to a device secret. */
  public static BytePermutation keyed(DeviceSecret secret) {
    byte[] key = secret.derive("permutation", new byte[0], KeyedGenerator.KEY_BYTES);
    return new BytePermutation(new KeyedGenerator(key).permutation(VALUES, VALUES));
  }

  /**
   * φ of one value.
   *
   * @param value 0..255
   * @return 0..255
   */
  public int apply(int value) {
    return table[value];
  }

  /** The permutation that undoes this one. */
  public BytePermutation inverse() {
    int[] inverse = new int[VALUES];
    for (int value = 0; value < VALUES; value++) {
      inverse[table[value]] = value;
    }
    return new BytePermutation(inverse);
  }

  /** The 256 table entries; a copy. */
  public int[] table() {
    return table.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BytePermutation that && Arrays.equals(table, that.table);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(table);
  }

  @Override
  public String toString() {
    return "BytePermutation" + Arrays.toString(table);
  }
}
