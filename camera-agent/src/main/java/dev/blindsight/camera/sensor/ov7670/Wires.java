package dev.blindsight.camera.sensor.ov7670;

import com.pi4j.io.gpio.digital.PullResistance;
import dev.blindsight.camera.sensor.board.InputPin;
import dev.blindsight.camera.sensor.board.OutputPin;
import dev.blindsight.camera.sensor.board.Pins;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The module's wires, opened. All begin at rest: nothing is written, nothing clocked, outputs off.
 *
 * @param verticalSync VSYNC, high between frames
 * @param writeReset WRST, active low
 * @param writeEnable WEN (also WR, WE), active high: a gate on the board joins it with HREF
 * @param readReset RRST, active low
 * @param readClock RCK
 * @param outputEnable OE, active low
 * @param readEnable RE, active low; empty where the board ties it low
 * @param data D0 to D7
 */
record Wires(
    InputPin verticalSync,
    OutputPin writeReset,
    OutputPin writeEnable,
    OutputPin readReset,
    OutputPin readClock,
    OutputPin outputEnable,
    Optional<OutputPin> readEnable,
    List<InputPin> data) {

  static Wires open(Pins pins, Ov7670Settings settings) {
    // OE first: from here on nothing appears at the outputs.
    OutputPin outputEnable = pins.output(settings.outputEnable(), "OE", true);
    OutputPin writeReset = pins.output(settings.writeReset(), "WRST", true);
    OutputPin writeEnable = pins.output(settings.writeEnable(), "WEN", false);
    OutputPin readReset = pins.output(settings.readReset(), "RRST", true);
    OutputPin readClock = pins.output(settings.readClock(), "RCK", false);
    Optional<OutputPin> readEnable = readEnable(pins, settings.readEnable());
    InputPin verticalSync = input(pins, settings.verticalSync(), "VSYNC");
    List<InputPin> data = new ArrayList<>();
    for (int bit = 0; bit < settings.data().size(); bit++) {
      data.add(input(pins, settings.data().get(bit), "D" + bit));
    }
    return new Wires(
        verticalSync,
        writeReset,
        writeEnable,
        readReset,
        readClock,
        outputEnable,
        readEnable,
        List.copyOf(data));
  }

  private static Optional<OutputPin> readEnable(Pins pins, OptionalInt line) {
    return line.isPresent()
        ? Optional.of(pins.output(line.getAsInt(), "RE", true))
        : Optional.empty();
  }

  private static InputPin input(Pins pins, int line, String purpose) {
    return pins.input(line, purpose, PullResistance.PULL_DOWN, Duration.ZERO);
  }
}
