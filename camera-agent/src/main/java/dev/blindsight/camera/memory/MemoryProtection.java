package dev.blindsight.camera.memory;

import org.jspecify.annotations.Nullable;

/**
 * What the system did for memory that holds channel values.
 *
 * @param locked whether it is never swapped out
 * @param undumped whether no core dump contains it
 * @param shortcoming what could not be done, why, and how to mend it, in one line; absent when
 *     everything could
 */
public record MemoryProtection(boolean locked, boolean undumped, @Nullable String shortcoming) {
  /** Everything could be done. */
  public static final MemoryProtection FULL = new MemoryProtection(true, true, null);

  /** Of two pieces of memory together: what holds for both. */
  public MemoryProtection and(MemoryProtection other) {
    return new MemoryProtection(
        locked && other.locked,
        undumped && other.undumped,
        shortcoming != null ? shortcoming : other.shortcoming);
  }
}
