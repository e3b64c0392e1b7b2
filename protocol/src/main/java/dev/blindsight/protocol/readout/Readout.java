package dev.blindsight.protocol.readout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.time.Instant;

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
  private final MemorySegment values;
  private final Runnable release;
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
    this(device, sequence, capturedAt, specId, guarantee, MemorySegment.ofArray(values), () -> {});
  }

  /**
   * As above, with values outside the Java heap, where they can be locked.
   *
   * @param values the permuted bytes in mask order; written by nobody else until released
   * @param release run once, by {@link #close()}, after the values have been overwritten
   */
  public Readout(
      String device,
      long sequence,
      Instant capturedAt,
      SpecId specId,
      GuaranteeLevel guarantee,
      MemorySegment values,
      Runnable release) {
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence is " + sequence);
    }
    this.device = device;
    this.sequence = sequence;
    this.capturedAt = capturedAt;
    this.specId = specId;
    this.guarantee = guarantee;
    this.values = values;
    this.release = release;
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
    return Math.toIntExact(values.byteSize());
  }

  /**
   * The permuted value in a slot.
   *
   * @param slot 0..length-1
   * @return 0..255
   */
  public int valueAt(int slot) {
    requireOpen();
    return Byte.toUnsignedInt(values.get(ValueLayout.JAVA_BYTE, slot));
  }

  /** Copies all values to a buffer, whose position advances by {@link #length()}. */
  public void copyTo(ByteBuffer target) {
    requireOpen();
    target.put(values.asByteBuffer());
  }

  /** A copy of the values, which the caller should overwrite after use. */
  public byte[] toByteArray() {
    requireOpen();
    return values.toArray(ValueLayout.JAVA_BYTE);
  }

  /** Overwrites the values with zeros. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    values.fill((byte) 0);
    release.run();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the readout has been closed and overwritten");
    }
  }

  @Override
  public String toString() {
    return "Readout[%s #%d, %d bytes, spec %s, %s]"
        .formatted(device, sequence, length(), specId.abbreviated(), guarantee);
  }
}
