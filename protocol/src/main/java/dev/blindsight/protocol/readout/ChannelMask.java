package dev.blindsight.protocol.readout;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.random.KeyedGenerator;
import dev.blindsight.protocol.random.TorchGenerator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The set of channel indices that are kept of an exposure, in ascending order.
 *
 * <p>Both schemes draw a permutation of 0..elements-1 that does not depend on {@code keep}, and
 * take its first {@code floor(keep * elements)} entries, so all masks of one number of elements
 * (and one secret) are nested. The {@code corenet} scheme is {@code torch.randperm} under the seed
 * 2147483647 (CoreNet 1aa3acd, {@code MaskPositions}); the {@code keyed} scheme is a {@link
 * KeyedGenerator}.
 */
public final class ChannelMask {
  /** The seed CoreNet 1aa3acd uses for the mask and for the byte permutation: 2^31 - 1. */
  static final long CORENET_SEED = 2_147_483_647L;

  private final int elements;
  private final int[] channels;

  private ChannelMask(int elements, int[] channels) {
    this.elements = elements;
    this.channels = channels;
  }

  /**
   * The mask with exactly the given channels.
   *
   * @param elements channel values of one exposure, 1..2^28
   * @param ascendingChannels at least one index, strictly ascending, each in 0..elements-1
   * @throws UserError when the indices are not strictly ascending or out of range
   */
  public static ChannelMask of(int elements, int[] ascendingChannels) {
    requireElements(elements);
    if (ascendingChannels.length == 0) {
      throw new UserError("the mask keeps no channel: list at least one channel index");
    }
    int previous = -1;
    for (int channel : ascendingChannels) {
      if (channel <= previous || channel >= elements) {
        throw new UserError(
            "channel index %d follows %d in a mask of %d elements: list indices strictly ascending within 0..%d"
                .formatted(channel, previous, elements, elements - 1));
      }
      previous = channel;
    }
    return new ChannelMask(elements, ascendingChannels.clone());
  }

  /**
   * The published mask (CoreNet 1aa3acd, {@code MaskPositions}).
   *
   * @param elements channel values of one exposure, 1..2^28
   * @param keep the fraction kept, greater than 0, at most 1
   * @throws UserError when an argument is out of range or no channel would be kept
   */
  public static ChannelMask corenet(int elements, double keep) {
    int kept = keptChannels(elements, keep);
    return firstOf(new TorchGenerator(CORENET_SEED).permutation(elements), kept);
  }

  /**
   * The mask that belongs to a device secret, by the derivation label {@code mask} with the number
   * of elements as context (32 bits, little-endian).
   *
   * @param elements channel values of one exposure, 1..2^28
   * @param keep the fraction kept, greater than 0, at most 1
   * @throws UserError when an argument is out of range or no channel would be kept
   */
  public static ChannelMask keyed(int elements, double keep, DeviceSecret secret) {
    int kept = keptChannels(elements, keep);
    byte[] context =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(elements).array();
    byte[] key = secret.derive("mask", context, KeyedGenerator.KEY_BYTES);
    return firstOf(new KeyedGenerator(key).permutation(elements, kept), kept);
  }

  /**
   * How many channels a mask keeps: {@code keep * elements} in double precision, cut to an integer
   * as CoreNet 1aa3acd does.
   *
   * @throws UserError when an argument is out of range or no channel would be kept
   */
  static int keptChannels(int elements, double keep) {
    requireElements(elements);
    if (!(keep > 0.0 && keep <= 1.0)) {
      throw new UserError("keep is %s: give a fraction greater than 0, at most 1".formatted(keep));
    }
    int kept = (int) (keep * elements);
    if (kept == 0) {
      throw new UserError(
          "keep %s of %d elements keeps no channel: give at least %s"
              .formatted(keep, elements, 1.0 / elements));
    }
    return kept;
  }

  private static ChannelMask firstOf(int[] permutation, int kept) {
    int[] channels = Arrays.copyOf(permutation, kept);
    Arrays.sort(channels);
    return new ChannelMask(permutation.length, channels);
  }

  private static void requireElements(int elements) {
    if (elements < 1 || elements > SensorGeometry.MAXIMUM_ELEMENTS) {
      throw new UserError(
          "elements is %d: give a whole number from 1 to %d"
              .formatted(elements, SensorGeometry.MAXIMUM_ELEMENTS));
    }
  }

  /** The number of channel values of one exposure. */
  public int elements() {
    return elements;
  }

  /** The number of kept channels, at least 1. */
  public int size() {
    return channels.length;
  }

  /**
   * The channel index that readout slot {@code slot} holds.
   *
   * @param slot 0..size-1
   */
  public int channelAt(int slot) {
    return channels[slot];
  }

  /** The kept channel indices, ascending; a copy. */
  public int[] channels() {
    return channels.clone();
  }

  /** The kept channel indices as ascending little-endian 32-bit integers: the mask file's bytes. */
  public byte[] toLittleEndianInt32() {
    ByteBuffer bytes =
        ByteBuffer.allocate(channels.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(channels);
    return bytes.array();
  }

  /** The SHA-256 of {@link #toLittleEndianInt32()}, 64 lower-case hex digits. */
  public String sha256() {
    return Sha256.hex(toLittleEndianInt32());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelMask that
        && elements == that.elements
        && Arrays.equals(channels, that.channels);
  }

  @Override
  public int hashCode() {
    return 31 * elements + Arrays.hashCode(channels);
  }

  @Override
  public String toString() {
    return "ChannelMask[%d of %d]".formatted(channels.length, elements);
  }
}
