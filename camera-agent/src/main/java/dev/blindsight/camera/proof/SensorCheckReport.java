package dev.blindsight.camera.proof;

import dev.blindsight.protocol.readout.GuaranteeLevel;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a sensor at work.
 *
 * @param source the sensor, as configured
 * @param guarantee how near the sensor its mask acts, as its driver says: a property of the driver
 *     on this host
 * @param spec the readout spec's id
 * @param exposures how many were taken
 * @param seconds in how long
 * @param exposuresPerSecond of those
 * @param failures exposures that could not be taken
 * @param faults what went wrong on the way to the sensor, tried again or given up
 * @param channelsPerExposure single channel values that came to the host's memory
 * @param shareRead of all channels of an exposure, 0..1
 * @param shareKept of all channels of an exposure, 0..1
 * @param busBytesPerExposure bytes that the sensor drove on its bus
 * @param memoryLocked whether memory with channel values is never swapped out
 * @param memoryUndumped whether core dumps leave it out
 * @param memoryShortcoming what could not be protected, why, and how to mend it; absent when
 *     everything could
 * @param heap what a dump of the Java heap showed
 */
public record SensorCheckReport(
    String source,
    GuaranteeLevel guarantee,
    String spec,
    long exposures,
    double seconds,
    double exposuresPerSecond,
    long failures,
    long faults,
    double channelsPerExposure,
    double shareRead,
    double shareKept,
    double busBytesPerExposure,
    boolean memoryLocked,
    boolean memoryUndumped,
    @Nullable String memoryShortcoming,
    HeapFinding heap) {

  /**
   * What a dump of the Java heap showed.
   *
   * @param verdict in one word
   * @param megabytes how long the dump was, in 10^6 bytes
   * @param framesFound arrays that hold a frame of one of the last exposures
   * @param plantedFound whether the search found the frame of noise that was put there for it
   */
  public record HeapFinding(
      Verdict verdict, double megabytes, int framesFound, boolean plantedFound) {}

  /** Written in lower case. */
  public enum Verdict {
    /** There is no frame, and a planted one was found. */
    NO_FRAME,
    /** There is a frame. */
    FRAME,
    /** The search did not find the frame that was planted: it proves nothing. */
    BLIND,
    /** The scene was too uniform, or nothing was exposed, so that nothing could be looked for. */
    NOTHING_TO_SEE
  }

  /** Whether exposures came and nothing speaks against the guarantee. */
  public boolean good() {
    return exposures > 0 && heap.verdict() != Verdict.FRAME && heap.verdict() != Verdict.BLIND;
  }
}
