package dev.blindsight.camera.sensor;

/**
 * What a sensor has done since it was opened.
 *
 * @param exposures taken, whole
 * @param channels values of single channels that a frame's worth of memory of the host held
 *     together, however briefly: what the guarantee is about. Kept channels alone for {@code
 *     ADDRESSED}, {@code UNDRIVEN} and {@code DISCARDED} (of which a line passes through a buffer
 *     that is overwritten at once), all for {@code FRAME_IN_DRIVER}
 * @param busBytes bytes that the sensor drove on its bus or its stream, commands and other
 *     registers not counted
 * @param faults what went wrong and was tried again or given up: refused and failed transfers,
 *     time-outs, damaged frames, lost connections
 */
public record SensorTraffic(long exposures, long channels, long busBytes, long faults) {
  /** Nothing yet. */
  public static final SensorTraffic NONE = new SensorTraffic(0, 0, 0, 0);
}
