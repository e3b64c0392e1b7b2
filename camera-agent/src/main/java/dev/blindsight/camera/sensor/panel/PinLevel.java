package dev.blindsight.camera.sensor.panel;

/** A pin's level. */
public enum PinLevel {
  /** The supply voltage. */
  HIGH,
  /** Ground. */
  LOW;

  boolean isHigh() {
    return this == HIGH;
  }
}
