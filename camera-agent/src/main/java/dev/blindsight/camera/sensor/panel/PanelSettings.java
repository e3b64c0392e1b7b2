package dev.blindsight.camera.sensor.panel;

import dev.blindsight.camera.sensor.board.Pins;
import dev.blindsight.protocol.UserError;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is wired beside the camera: the {@code panel} part of an agent's configuration file. Pins
 * are lines of the GPIO chip, 0..27, as GPIO 17 is on pin 11 of a Raspberry Pi's header.
 *
 * @param led the pin of a light that is on exactly while capturing; absent, there is none
 * @param ledOn at which level it is on; absent, high
 * @param shutter the pin of a switch that stops capture; absent, there is none
 * @param shutterClosed at which level the shutter is closed; absent, high, to which the pin is
 *     pulled, so that a cut wire stops capture
 * @param trigger the pin of a sensor that allows exposures, as of movement; absent, they are always
 *     allowed
 * @param triggerActive at which level it allows them; absent, high
 * @param triggerHoldMillis for how long after the trigger's end they are still allowed,
 *     0..3,600,000; absent, 10,000
 */
public record PanelSettings(
    @Nullable Integer led,
    @Nullable PinLevel ledOn,
    @Nullable Integer shutter,
    @Nullable PinLevel shutterClosed,
    @Nullable Integer trigger,
    @Nullable PinLevel triggerActive,
    @Nullable Integer triggerHoldMillis) {
  private static final int DEFAULT_HOLD_MILLIS = 10_000;
  private static final int MOST_HOLD_MILLIS = 3_600_000;

  /**
   * @throws UserError one line, when a pin is out of range or named twice, or the hold time is out
   *     of range
   */
  public PanelSettings {
    Map<Integer, String> taken = new HashMap<>();
    requirePin("led", led, taken);
    requirePin("shutter", shutter, taken);
    requirePin("trigger", trigger, taken);
    if (triggerHoldMillis != null
        && (triggerHoldMillis < 0 || triggerHoldMillis > MOST_HOLD_MILLIS)) {
      throw new UserError(
          "trigger_hold_millis is %d: give 0 to %d".formatted(triggerHoldMillis, MOST_HOLD_MILLIS));
    }
  }

  private static void requirePin(String field, @Nullable Integer pin, Map<Integer, String> taken) {
    if (pin == null) {
      return;
    }
    if (pin < 0 || pin > Pins.HIGHEST_LINE) {
      throw new UserError(
          "%s is %d: give a pin from 0 to %d".formatted(field, pin, Pins.HIGHEST_LINE));
    }
    String other = taken.putIfAbsent(pin, field);
    if (other != null) {
      throw new UserError(
          "%s and %s are both on pin %d: give each its own".formatted(other, field, pin));
    }
  }

  PinLevel ledOnOrDefault() {
    return ledOn == null ? PinLevel.HIGH : ledOn;
  }

  PinLevel shutterClosedOrDefault() {
    return shutterClosed == null ? PinLevel.HIGH : shutterClosed;
  }

  PinLevel triggerActiveOrDefault() {
    return triggerActive == null ? PinLevel.HIGH : triggerActive;
  }

  int triggerHoldMillisOrDefault() {
    return triggerHoldMillis == null ? DEFAULT_HOLD_MILLIS : triggerHoldMillis;
  }
}
