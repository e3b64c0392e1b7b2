package dev.blindsight.camera.dashboard;

import dev.blindsight.protocol.readout.GuaranteeLevel;

/**
 * What a person is told about a guarantee level wherever it is shown.
 *
 * @param level the level's name
 * @param grade A to D, strongest first
 * @param meaning one sentence: what happens to the channels outside the mask
 * @param caveat one sentence: what the level does not promise
 */
record GuaranteeNotice(GuaranteeLevel level, String grade, String meaning, String caveat) {
  private static final String DRIVER_ONLY =
      "This is a property of the driver on the host: a compromised host could read more.";

  static GuaranteeNotice of(GuaranteeLevel level) {
    return switch (level) {
      case ADDRESSED ->
          new GuaranteeNotice(
              level,
              "A",
              "Channels outside the mask never leave the sensor: the host addresses single pixels.",
              DRIVER_ONLY);
      case UNDRIVEN ->
          new GuaranteeNotice(
              level,
              "B",
              "Channels outside the mask are clocked past with the output drivers off: they are"
                  + " never on the bus.",
              DRIVER_ONLY);
      case DISCARDED ->
          new GuaranteeNotice(
              level,
              "C",
              "Channels outside the mask cross the bus, but the host stores no byte of them; at"
                  + " most one line is buffered.",
              DRIVER_ONLY);
      case FRAME_IN_DRIVER ->
          new GuaranteeNotice(
              level,
              "D",
              "A whole frame exists in driver memory; only the kept bytes are gathered from it,"
                  + " then it is overwritten.",
              "For development and legacy cameras only: the host holds the whole frame for a"
                  + " moment.");
    };
  }
}
