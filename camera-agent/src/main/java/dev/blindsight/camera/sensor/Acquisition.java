package dev.blindsight.camera.sensor;

import dev.blindsight.camera.memory.LockedMemory;
import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/**
 * Makes the readouts of one open sensor: numbers them, and takes the memory for their values from a
 * supply that is locked and kept out of core dumps, where the system allows. A readout's memory
 * comes back, overwritten, when the readout is closed.
 *
 * <p>Taking is for one thread at a time; readouts may be closed by any.
 */
public final class Acquisition implements AutoCloseable {
  private final ReadoutSpec spec;
  private final String device;
  private final GuaranteeLevel guarantee;
  private final Deque<LockedMemory> free = new ArrayDeque<>();
  private MemoryProtection protection;
  private long taken;
  private boolean closed;

  /**
   * @param spec what to read of each exposure
   * @param device the name the readouts carry
   * @param guarantee the sensor's
   */
  public Acquisition(ReadoutSpec spec, String device, GuaranteeLevel guarantee) {
    this.spec = spec;
    this.device = device;
    this.guarantee = guarantee;
    // Allocated at once, so that it can be said from the start what the system allows.
    LockedMemory first = LockedMemory.allocate(spec.length());
    this.protection = first.protection();
    free.push(first);
  }

  /** What is read of each exposure. */
  public ReadoutSpec spec() {
    return spec;
  }

  /** How many readouts it has made. */
  public synchronized long taken() {
    return taken;
  }

  /** How the memory of all its readouts is protected. */
  public synchronized MemoryProtection protection() {
    return protection;
  }

  /**
   * Makes the readout of one exposure.
   *
   * @param channel gives the value of a channel index, 0..255; called once for each kept channel,
   *     in ascending order, and for no other. What it throws comes through, and nothing is kept of
   *     the exposure
   */
  public Readout take(IntUnaryOperator channel) {
    return make(values -> spec.acquire(channel, values.asByteBuffer()));
  }

  /**
   * Makes the readout of one exposure from a frame that a driver holds: gathers the kept channels,
   * and reads no other byte of it. Overwriting the frame is the caller's.
   *
   * @param frame the driver's memory
   * @param offsets where in it each kept channel is, in mask order: byte offsets, made once for a
   *     frame's layout
   * @throws IndexOutOfBoundsException when an offset lies outside the frame
   */
  public Readout take(MemorySegment frame, int[] offsets) {
    return make(values -> spec.acquire(frame, offsets, values));
  }

  private Readout make(Consumer<MemorySegment> filling) {
    Instant now = Instant.now();
    LockedMemory memory = borrow();
    MemorySegment values = memory.segment();
    boolean whole = false;
    try {
      filling.accept(values);
      whole = true;
    } finally {
      if (!whole) {
        values.fill((byte) 0);
        giveBack(memory);
      }
    }
    return new Readout(device, number(), now, spec.id(), guarantee, values, () -> giveBack(memory));
  }

  private synchronized long number() {
    return taken++;
  }

  private synchronized LockedMemory borrow() {
    LockedMemory memory = free.poll();
    if (memory == null) {
      memory = LockedMemory.allocate(spec.length());
      protection = protection.and(memory.protection());
    }
    return memory;
  }

  private synchronized void giveBack(LockedMemory memory) {
    if (closed) {
      memory.close();
    } else {
      free.push(memory);
    }
  }

  /** Gives the memory back; that of open readouts when they are closed. */
  @Override
  public synchronized void close() {
    closed = true;
    free.forEach(LockedMemory::close);
    free.clear();
  }
}
