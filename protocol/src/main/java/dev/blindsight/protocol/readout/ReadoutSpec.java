package dev.blindsight.protocol.readout;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.IntUnaryOperator;

/**
 * What is read of an exposure: geometry, channel mask and byte permutation φ. A model is trained
 * for exactly one spec.
 *
 * <p>The spec's {@link #id() id} is the SHA-256 of this canonical encoding, all integers unsigned
 * and little-endian:
 *
 * <pre>
 * offset      bytes  content
 *  0          23     ASCII "blindsight.readout-spec"
 * 23           1     encoding version, 1
 * 24           2     width
 * 26           2     height
 * 28           1     channels of a pixel
 * 29           1     mask scheme: 0 corenet, 1 keyed
 * 30           1     permutation scheme: 0 none, 1 corenet, 2 keyed
 * 31           4     n, the number of kept channels
 * 35           4 n   the kept channel indices, ascending
 * 35 + 4 n   256     the table of φ: entry v is φ(v)
 * </pre>
 *
 * <p>The fraction {@code keep} is not part of it: two fractions that keep the same channels make
 * the same spec. The secret of a keyed spec is not part of it either, only what it chose.
 */
public final class ReadoutSpec {
  private static final byte[] MAGIC = "blindsight.readout-spec".getBytes(StandardCharsets.US_ASCII);
  private static final byte ENCODING_VERSION = 1;
  private static final int FIXED_BYTES = 35;

  private final SensorGeometry geometry;
  private final MaskScheme maskScheme;
  private final double keep;
  private final ChannelMask mask;
  private final PermutationScheme permutationScheme;
  private final BytePermutation permutation;
  private final byte[] table;
  private final SpecId id;

  ReadoutSpec(
      SensorGeometry geometry,
      MaskScheme maskScheme,
      double keep,
      ChannelMask mask,
      PermutationScheme permutationScheme,
      BytePermutation permutation) {
    if (mask.elements() != geometry.elements()) {
      throw new UserError(
          "the mask is for %d channel values, the geometry has %d: make the mask for this geometry"
              .formatted(mask.elements(), geometry.elements()));
    }
    this.geometry = geometry;
    this.maskScheme = maskScheme;
    this.keep = keep;
    this.mask = mask;
    this.permutationScheme = permutationScheme;
    this.permutation = permutation;
    this.table = new byte[BytePermutation.VALUES];
    for (int value = 0; value < table.length; value++) {
      table[value] = (byte) permutation.apply(value);
    }
    this.id = new SpecId(Sha256.hex(canonicalEncoding()));
  }

  /**
   * The published mask and, on demand, the published φ.
   *
   * @param geometry the exposure's size
   * @param keep the fraction of channels kept, greater than 0, at most 1
   * @param permute whether values pass through the published φ; otherwise they stay as they are
   * @throws UserError when {@code keep} is out of range or keeps no channel
   */
  public static ReadoutSpec corenet(SensorGeometry geometry, double keep, boolean permute) {
    return new ReadoutSpec(
        geometry,
        MaskScheme.CORENET,
        keep,
        ChannelMask.corenet(geometry.elements(), keep),
        permute ? PermutationScheme.CORENET : PermutationScheme.NONE,
        permute ? BytePermutation.corenet() : BytePermutation.identity());
  }

  /**
   * Mask and φ both chosen by the device secret.
   *
   * @param keep the fraction of channels kept, greater than 0, at most 1
   * @throws UserError when {@code keep} is out of range or keeps no channel
   */
  public static ReadoutSpec keyed(SensorGeometry geometry, double keep, DeviceSecret secret) {
    return new ReadoutSpec(
        geometry,
        MaskScheme.KEYED,
        keep,
        ChannelMask.keyed(geometry.elements(), keep, secret),
        PermutationScheme.KEYED,
        BytePermutation.keyed(secret));
  }

  /** The exposure's size. */
  public SensorGeometry geometry() {
    return geometry;
  }

  /** How the mask was chosen. */
  public MaskScheme maskScheme() {
    return maskScheme;
  }

  /** The fraction of channels asked for, greater than 0, at most 1. */
  public double keep() {
    return keep;
  }

  /** The kept channels. */
  public ChannelMask mask() {
    return mask;
  }

  /** How φ was chosen. */
  public PermutationScheme permutationScheme() {
    return permutationScheme;
  }

  /** φ. */
  public BytePermutation permutation() {
    return permutation;
  }

  /** The spec's identity; specs with the same id read the same bytes of the same exposure. */
  public SpecId id() {
    return id;
  }

  /** The number of bytes in a readout. */
  public int length() {
    return mask.size();
  }

  /**
   * Reads the kept channels of one exposure, in ascending order, and permutes them.
   *
   * @param channel gives the value of a channel index; called once for each kept channel and for no
   *     other; only the low eight bits of its answer count
   * @return {@link #length()} permuted bytes
   */
  public byte[] acquire(IntUnaryOperator channel) {
    byte[] values = new byte[mask.size()];
    for (int slot = 0; slot < values.length; slot++) {
      values[slot] = table[channel.applyAsInt(mask.channelAt(slot)) & 0xFF];
    }
    return values;
  }

  /**
   * As {@link #acquire(IntUnaryOperator)}, into a buffer from its position on.
   *
   * @param target at least {@link #length()} bytes remaining; its position advances by that much
   * @throws BufferOverflowException when the buffer is too small, before any channel is read
   */
  public void acquire(IntUnaryOperator channel, ByteBuffer target) {
    if (target.remaining() < mask.size()) {
      throw new BufferOverflowException();
    }
    for (int slot = 0; slot < mask.size(); slot++) {
      target.put(table[channel.applyAsInt(mask.channelAt(slot)) & 0xFF]);
    }
  }

  /**
   * As {@link #acquire(IntUnaryOperator)}, from a frame that some driver holds: reads one byte of
   * it for each kept channel, and no other.
   *
   * @param frame the driver's memory
   * @param offsets where in it each kept channel is, in mask order: {@link #length()} byte offsets,
   *     made once for a frame's layout (bytes of a row, bytes of a pixel)
   * @param target receives the permuted values: {@link #length()} bytes
   * @throws IllegalArgumentException when there is not one offset and one byte of target for each
   *     kept channel
   * @throws IndexOutOfBoundsException when an offset lies outside the frame
   */
  public void acquire(MemorySegment frame, int[] offsets, MemorySegment target) {
    if (offsets.length != mask.size() || target.byteSize() != mask.size()) {
      throw new IllegalArgumentException(
          "%d offsets and %d bytes for %d kept channels"
              .formatted(offsets.length, target.byteSize(), mask.size()));
    }
    // Of an array made here the compiler knows the length, and leaves out the check of each index.
    byte[] permuted = new byte[BytePermutation.VALUES];
    System.arraycopy(table, 0, permuted, 0, permuted.length);
    for (int slot = 0; slot < offsets.length; slot++) {
      int value = Byte.toUnsignedInt(frame.get(ValueLayout.JAVA_BYTE, offsets[slot]));
      target.set(ValueLayout.JAVA_BYTE, slot, permuted[value]);
    }
  }

  /** The bytes the id is the SHA-256 of, as laid out above. */
  public byte[] canonicalEncoding() {
    byte[] channels = mask.toLittleEndianInt32();
    return ByteBuffer.allocate(FIXED_BYTES + channels.length + table.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put(ENCODING_VERSION)
        .putShort((short) geometry.width())
        .putShort((short) geometry.height())
        .put((byte) geometry.channels())
        .put(code(maskScheme))
        .put(code(permutationScheme))
        .putInt(mask.size())
        .put(channels)
        .put(table)
        .array();
  }

  private static byte code(MaskScheme scheme) {
    return switch (scheme) {
      case CORENET -> 0;
      case KEYED -> 1;
    };
  }

  private static byte code(PermutationScheme scheme) {
    return switch (scheme) {
      case NONE -> 0;
      case CORENET -> 1;
      case KEYED -> 2;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReadoutSpec that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "ReadoutSpec[%dx%dx%d, %d bytes, %s]"
        .formatted(
            geometry.width(), geometry.height(), geometry.channels(), length(), id.abbreviated());
  }
}
