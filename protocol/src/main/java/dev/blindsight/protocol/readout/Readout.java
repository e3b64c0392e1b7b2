package dev.blindsight.protocol.readout;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/**
 * The kept, permuted bytes of one exposure, in mask order, with where and when they were read.
 *
 * <p>The values are overwritten by {@link #close()}; reading them afterwards is an error. Printing
 * a readout never prints values. Not thread-safe.
 */
public final class Readout implements AutoCloseable {
  private final String device;
  private final long sequence;
  private final Instant capturedAt;
  private final SpecId specId;
  private final GuaranteeLevel guarantee;
  private final byte[] values;
  private boolean closed;

  /**
   * @param device the device's name
   * @param sequence counts the device's exposures, at least 0
   * @param capturedAt when the exposure was read
   * @param specId the spec it was read by
   * @param guarantee how near the sensor the mask acted
   * @param values the permuted bytes in mask order; owned by the readout from now on, not copied
   */
  public Readout(
      String device,
      long sequence,
      Instant capturedAt,
      SpecId specId,
      GuaranteeLevel guarantee,
      byte[] values) {
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence is " + sequence);
    }
    this.device = device;
    this.sequence = sequence;
    this.capturedAt = capturedAt;
    this.specId = specId;
    this.guarantee = guarantee;
    this.values = values;
  }

  /** The device's name. */
  public String device() {
    return device;
  }

  /** The exposure's number, at least 0. */
  public long sequence() {
    return sequence;
  }

  /** When the exposure was read. */
  public Instant capturedAt() {
    return capturedAt;
  }

  /** The spec it was read by. */
  public SpecId specId() {
    return specId;
  }

  /** How near the sensor the mask acted. */
  public GuaranteeLevel guarantee() {
    return guarantee;
  }

  /** The number of values. */
  public int length() {
    return values.length;
  }

  /**
   * The permuted value in a slot.
   *
   * @param slot 0..length-1
   * @return 0..255
   */
  public int valueAt(int slot) {
    requireOpen();
    return Byte.toUnsignedInt(values[slot]);
  }

  /** Copies all values to a buffer, whose position advances by {@link #length()}. */
  public void copyTo(ByteBuffer target) {
    requireOpen();
    target.put(values);
  }

  /** A copy of the values, which the caller should overwrite after use. */
  public byte[] toByteArray() {
    requireOpen();
    return values.clone();
  }

  /** Overwrites the values with zeros. */
  @Override
  public void close() {
    closed = true;
    Arrays.fill(values, (byte) 0);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the readout has been closed and overwritten");
    }
  }

  @Override
  public String toString() {
    return "Readout[%s #%d, %d bytes, spec %s, %s]"
        .formatted(device, sequence, values.length, specId.abbreviated(), guarantee);
  }
}
