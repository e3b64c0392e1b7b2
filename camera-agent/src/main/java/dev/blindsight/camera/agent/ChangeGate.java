package dev.blindsight.camera.agent;

import dev.blindsight.camera.memory.LockedMemory;
import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongSupplier;

/**
 * Lets a readout pass when enough kept channels differ from the last one that passed: frame
 * differencing on the kept channels alone, before anything is classified. An idle scene costs no
 * inference, and a slow change passes when it has added up, for the readout compared with is the
 * last that was answered, not the last that was taken.
 *
 * <p>Neighbouring values are far apart after φ, so differences are taken of the values in clear; no
 * clear value is stored. For one thread at a time.
 */
final class ChangeGate implements AutoCloseable {
  private final LockedMemory last;
  private final BytePermutation toClear;
  private final int difference;
  private final int needed;
  private final long pauseNanos;
  private final long heartbeatNanos;
  private final LongSupplier nanoTime;
  private boolean passedOne;
  private long passedAt;

  /**
   * @param spec of the readouts
   * @param nanoTime a clock in nanoseconds that only goes forward
   */
  ChangeGate(GateSettings settings, ReadoutSpec spec, LongSupplier nanoTime) {
    this.last = LockedMemory.allocate(spec.length());
    this.toClear = spec.permutation().inverse();
    this.difference = settings.differenceOrDefault();
    this.needed = Math.max(1, (int) Math.ceil(settings.changedOrDefault() * spec.length()));
    this.pauseNanos = settings.shortestPause().toNanos();
    this.heartbeatNanos = settings.heartbeat().toNanos();
    this.nanoTime = nanoTime;
  }

  /** How the memory of the readout that others are compared with is protected. */
  MemoryProtection protection() {
    return last.protection();
  }

  /** Whether a readout is worth an answer; if so, later ones are compared with it. */
  boolean passes(Readout readout) {
    long now = nanoTime.getAsLong();
    long since = now - passedAt;
    if (passedOne
        && (since < pauseNanos || (since < heartbeatNanos && !differs(readout, last.segment())))) {
      return false;
    }
    passedOne = true;
    passedAt = now;
    readout.copyTo(last.segment().asByteBuffer());
    return true;
  }

  private boolean differs(Readout readout, MemorySegment reference) {
    int changed = 0;
    for (int slot = 0; slot < readout.length(); slot++) {
      int before = toClear.apply(Byte.toUnsignedInt(reference.get(ValueLayout.JAVA_BYTE, slot)));
      int now = toClear.apply(readout.valueAt(slot));
      if (Math.abs(now - before) > difference) {
        changed++;
        if (changed >= needed) {
          return true;
        }
      }
    }
    return false;
  }

  /** Overwrites what readouts are compared with. */
  @Override
  public void close() {
    last.close();
  }
}
