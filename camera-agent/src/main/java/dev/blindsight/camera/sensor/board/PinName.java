package dev.blindsight.camera.sensor.board;

/**
 * A pin and what it is for.
 *
 * @param line as the chip numbers it
 * @param purpose what it is wired to
 */
record PinName(int line, String purpose) {

  /** What Pi4J knows the pin by: one for each line, whatever its use. */
  String id() {
    return "gpio-" + line;
  }

  @Override
  public String toString() {
    return "GPIO %d (%s)".formatted(line, purpose);
  }
}
