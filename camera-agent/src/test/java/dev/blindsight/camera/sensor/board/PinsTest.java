package dev.blindsight.camera.sensor.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pi4j.io.gpio.digital.PullResistance;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinsTest {
  @TempDir Path devices;

  @Test
  void output_set_drivesTheLineAndRestsOnClose() {
    try (SimulatedBoard board = new SimulatedBoard()) {
      try (Pins pins = Pins.on(board.context())) {
        OutputPin pin = pins.output(4, "LED", true);
        assertThat(board.output(4)).isTrue();
        pin.low();
        assertThat(board.output(4)).isFalse();
      }
      assertThat(board.output(4)).isTrue();
    }
  }

  @Test
  void input_driven_tellsLevelAndListenersUntilTheyStop() {
    try (SimulatedBoard board = new SimulatedBoard();
        Pins pins = Pins.on(board.context())) {
      InputPin pin = pins.input(5, "shutter", PullResistance.PULL_UP, Duration.ofMillis(5));
      List<Boolean> heard = new ArrayList<>();
      assertThat(pin.isHigh()).isFalse();
      try (InputPin.Listening _ = pin.listen(heard::add)) {
        board.drive(5, true);
        board.drive(5, false);
      }
      board.drive(5, true);

      assertThat(heard).containsExactly(true, false);
      assertThat(pin.isHigh()).isTrue();
    }
  }

  @Test
  void output_usedTwice_isRefusedByName() {
    try (SimulatedBoard board = new SimulatedBoard();
        Pins pins = Pins.on(board.context())) {
      pins.output(4, "LED", false);

      assertThatThrownBy(() -> pins.input(4, "shutter", PullResistance.OFF, Duration.ZERO))
          .isInstanceOf(UserError.class)
          .hasMessage("GPIO 4 (shutter): the pin is in use already: give it another");
    }
  }

  @Test
  void output_noSuchLine_isRefused() {
    try (SimulatedBoard board = new SimulatedBoard();
        Pins pins = Pins.on(board.context())) {
      assertThatThrownBy(() -> pins.output(28, "LED", false))
          .isInstanceOf(UserError.class)
          .hasMessage("GPIO 28 (LED): there is no such pin: give a number from 0 to 27");
    }
  }

  @Test
  void close_pins_areFreeAgain() {
    try (SimulatedBoard board = new SimulatedBoard()) {
      Pins pins = Pins.on(board.context());
      pins.output(4, "LED", false);
      pins.close();
      pins.close();

      try (Pins again = Pins.on(board.context())) {
        again.output(4, "LED", true);
        assertThat(board.output(4)).isTrue();
      }
    }
  }

  @Test
  void open_noChip_saysSo() {
    assertThatThrownBy(() -> Pins.open(devices))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "%s: there is no GPIO chip here: run this on a Raspberry Pi"
                .formatted(devices.resolve("gpiochip*")));
  }

  @Test
  void deviceFile_notOpenToTheUser_namesTheGroup() throws IOException {
    Path missing = devices.resolve("spidev0.0");
    DeviceFile file = new DeviceFile(missing, "SPI bus", "enable SPI", "spi");
    assertThatThrownBy(file::require)
        .isInstanceOf(UserError.class)
        .hasMessage("%s: there is no SPI bus here: enable SPI".formatted(missing));

    assertThat(DeviceFile.refused(missing, "spi"))
        .hasMessage(
            "%s: permission denied: add the user to the group spi (sudo usermod -aG spi $USER) and log in again"
                .formatted(missing));
    Files.createFile(missing);
    file.require();
    Files.createFile(devices.resolve("spidev1.0"));
    assertThat(DeviceFile.present(devices, "spidev")).containsExactly("0.0", "1.0");
    assertThat(DeviceFile.present(devices.resolve("none"), "spidev")).isEmpty();
  }
}
