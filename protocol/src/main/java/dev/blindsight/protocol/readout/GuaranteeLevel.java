package dev.blindsight.protocol.readout;

/**
 * How near the sensor the mask acts, strongest first. A property of the driver on the host: a
 * compromised host could read more.
 */
public enum GuaranteeLevel {
  /** Channels outside the mask never leave the sensor: the host addresses single pixels. */
  ADDRESSED,
  /** They are clocked past with the output drivers off: never on the bus. */
  UNDRIVEN,
  /** They cross the bus, but no byte of them is stored; at most one line is buffered. */
  DISCARDED,
  /**
   * A whole frame exists in driver memory; kept bytes are gathered from it, then it is overwritten.
   */
  FRAME_IN_DRIVER;

  /** Whether this level is at least as strong as {@code required}. */
  public boolean satisfies(GuaranteeLevel required) {
    return compareTo(required) <= 0;
  }
}
