package dev.blindsight.camera.sensor.panel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.LabelledSensor;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.board.SimulatedBoard;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PanelTest {
  private static final int LED = 4;
  private static final int SHUTTER = 5;
  private static final int TRIGGER = 6;
  private static final Pace LIVE = new Pace.Live(1, 30);

  private final SimulatedBoard board = new SimulatedBoard();

  @AfterEach
  void close() {
    board.close();
  }

  @Test
  void read_onDemand_lightIsOnDuringTheExposureOnly() {
    List<Boolean> light = new ArrayList<>();
    StagedSensor staged = new StagedSensor(Pace.ON_DEMAND).then(() -> light.add(lit()));
    try (Panel panel = panel(settings(false, 0));
        ReadoutSensor sensor = panel.around(staged)) {
      assertThat(lit()).isFalse();

      sensor.read().orElseThrow().close();

      assertThat(light).containsExactly(true);
      assertThat(lit()).isFalse();
      assertThat(panel.idle()).isEmpty();
    }
    assertThat(staged.isClosed()).isTrue();
  }

  @Test
  void read_live_lightStaysOnUntilClosed() {
    try (Panel panel = panel(settings(false, 0));
        ReadoutSensor sensor = panel.around(new StagedSensor(LIVE))) {
      assertThat(lit()).isFalse();
      sensor.read().orElseThrow().close();
      assertThat(lit()).isTrue();
    }
    assertThat(lit()).isFalse();
  }

  @Test
  void read_lightActiveLow_isDrivenTheOtherWay() {
    PanelSettings settings = new PanelSettings(LED, PinLevel.LOW, null, null, null, null, null);
    List<Boolean> light = new ArrayList<>();
    try (Panel panel = panel(settings);
        ReadoutSensor sensor =
            panel.around(new StagedSensor(Pace.ON_DEMAND).then(() -> light.add(lit())))) {
      assertThat(lit()).isTrue();
      sensor.read().orElseThrow().close();
      assertThat(light).containsExactly(false);
      assertThat(lit()).isTrue();
    }
  }

  @Test
  void read_sensorFails_lightGoesOut() {
    StagedSensor staged =
        new StagedSensor(LIVE)
            .then(() -> {
              throw new SensorException("unplugged");
            });
    try (Panel panel = panel(settings(false, 0));
        ReadoutSensor sensor = panel.around(staged)) {
      assertThatThrownBy(sensor::read).isInstanceOf(SensorException.class);
      assertThat(lit()).isFalse();

      sensor.read().orElseThrow().close();
      assertThat(lit()).isTrue();
    }
  }

  @Test
  void read_lightCannotBeLit_failsBeforeTheExposure() {
    StagedSensor staged = new StagedSensor(Pace.ON_DEMAND);
    try (Panel panel = panel(settings(false, 0));
        ReadoutSensor sensor = panel.around(staged)) {
      board.wire(
          LED,
          high -> {
            if (high) {
              throw new IllegalStateException("Input/output error");
            }
          });
      assertThatThrownBy(sensor::read)
          .isInstanceOf(SensorException.class)
          .hasMessage("GPIO 4 (LED): cannot be set (Input/output error)");
      assertThat(staged.traffic().exposures()).isZero();

      board.wire(LED, _ -> {});
      sensor.read().orElseThrow().close();
    }
  }

  @Test
  void read_shutterClosesInTheMiddle_lightGoesOutAtOnceAndNothingIsDelivered() {
    List<Boolean> light = new ArrayList<>();
    StagedSensor staged =
        new StagedSensor(Pace.ON_DEMAND)
            .then(() -> {
              light.add(lit());
              shut(true);
              light.add(lit());
              shut(false);
              light.add(lit());
            });
    try (Panel panel = panel(settings(true, 0));
        ReadoutSensor sensor = panel.around(staged)) {
      Readout readout = sensor.read().orElseThrow();
      assertThat(readout.sequence()).isEqualTo(1);
      readout.close();
      assertThat(light).containsExactly(true, false, true);
      assertThat(sensor.traffic().exposures()).isEqualTo(2);
    }
  }

  @Test
  void read_shutterClosed_waitsInTheDarkUntilItOpens() throws Exception {
    shut(true);
    StagedSensor staged = new StagedSensor(Pace.ON_DEMAND);
    try (Panel panel = panel(settings(true, 0));
        ReadoutSensor sensor = panel.around(staged)) {
      assertThat(panel.idle()).contains("the shutter is closed");
      CompletableFuture<Optional<Readout>> reading = CompletableFuture.supplyAsync(sensor::read);
      assertThatThrownBy(() -> reading.get(50, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      assertThat(lit()).isFalse();
      assertThat(staged.traffic().exposures()).isZero();

      shut(false);

      reading.get(10, TimeUnit.SECONDS).orElseThrow().close();
      assertThat(panel.idle()).isEmpty();
      assertThat(lit()).isFalse();
    }
  }

  @Test
  void read_liveSensorBehindTheShutter_itsFirstExposureIsDropped() {
    StagedSensor staged = new StagedSensor(LIVE);
    try (Panel panel = panel(settings(true, 0));
        ReadoutSensor sensor = panel.around(staged)) {
      sensor.read().orElseThrow().close();
      assertThat(lit()).isTrue();
      shut(true);
      assertThat(lit()).isFalse();
      shut(false);
      assertThat(lit()).isTrue();

      try (Readout readout = sensor.read().orElseThrow()) {
        assertThat(readout.sequence()).isEqualTo(2);
      }
    }
  }

  @Test
  void close_whileShut_endsTheWait() throws Exception {
    shut(true);
    try (Panel panel = panel(settings(true, 0))) {
      ReadoutSensor sensor = panel.around(new StagedSensor(Pace.ON_DEMAND));
      CompletableFuture<Optional<Readout>> reading = CompletableFuture.supplyAsync(sensor::read);

      sensor.close();
      sensor.close();

      assertThat(reading.get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(sensor.read()).isEmpty();
      assertThat(board.isOpen(SHUTTER)).isFalse();
    }
  }

  @Test
  void read_trigger_exposesWhileActiveAndWithinTheHoldTime() throws Exception {
    try (Panel panel = panel(settings(false, 3_600_000));
        ReadoutSensor sensor = panel.around(new StagedSensor(Pace.ON_DEMAND))) {
      assertThat(panel.idle()).contains("waiting for the trigger");
      CompletableFuture<Optional<Readout>> reading = CompletableFuture.supplyAsync(sensor::read);
      assertThat(lit()).isFalse();

      board.drive(TRIGGER, true);
      reading.get(10, TimeUnit.SECONDS).orElseThrow().close();
      sensor.read().orElseThrow().close();
      board.drive(TRIGGER, false);

      assertThat(panel.idle()).isEmpty();
      sensor.read().orElseThrow().close();
    }
  }

  @Test
  void read_holdTimeOver_waitsForTheNextTrigger() throws Exception {
    try (Panel panel = panel(settings(false, 1));
        ReadoutSensor sensor = panel.around(new StagedSensor(LIVE))) {
      board.drive(TRIGGER, true);
      sensor.read().orElseThrow().close();
      assertThat(lit()).isTrue();

      board.drive(TRIGGER, false);

      // The light goes out by itself when the hold time is over.
      while (lit()) {
        Thread.onSpinWait();
      }
      assertThat(panel.idle()).contains("waiting for the trigger");
      CompletableFuture<Optional<Readout>> reading = CompletableFuture.supplyAsync(sensor::read);
      board.drive(TRIGGER, true);
      reading.get(10, TimeUnit.SECONDS).orElseThrow().close();
    }
  }

  @Test
  void around_labelledSensor_keepsItsLabels() {
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);
    ReadoutSensor simulated =
        ReadoutSensors.open(SensorSource.parse("simulated:fashion-mnist-400"), spec, "device");
    try (Panel panel = panel(settings(false, 0));
        ReadoutSensor sensor = panel.around(simulated)) {
      assertThat(sensor).isInstanceOf(LabelledSensor.class);
      assertThat(((LabelledSensor) sensor).trueLabel(3))
          .isEqualTo(((LabelledSensor) simulated).trueLabel(3));
      assertThat(sensor.geometry()).isEqualTo(spec.geometry());
      assertThat(sensor.guarantee()).isEqualTo(simulated.guarantee());
      assertThat(sensor.protection()).isEqualTo(simulated.protection());
      sensor.read().orElseThrow().close();
      assertThat(sensor.traffic()).isEqualTo(simulated.traffic());
      assertThatThrownBy(() -> panel.around(simulated)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void read_simulatedSourceEnds_lightIsOut() {
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);
    ReadoutSensor simulated =
        ReadoutSensors.open(
            SensorSource.parse("simulated:fashion-mnist-400?count=1"), spec, "device");
    try (Panel panel = panel(settings(false, 0));
        ReadoutSensor sensor = panel.around(simulated)) {
      sensor.read().orElseThrow().close();
      assertThat(sensor.read()).isEmpty();
      assertThat(lit()).isFalse();
    }
  }

  @Test
  void settings_badValues_areNamed() {
    assertThatThrownBy(() -> new PanelSettings(28, null, null, null, null, null, null))
        .isInstanceOf(UserError.class)
        .hasMessage("led is 28: give a pin from 0 to 27");
    assertThatThrownBy(() -> new PanelSettings(3, null, 3, null, null, null, null))
        .isInstanceOf(UserError.class)
        .hasMessage("led and shutter are both on pin 3: give each its own");
    assertThatThrownBy(() -> new PanelSettings(null, null, null, null, 7, null, -1))
        .isInstanceOf(UserError.class)
        .hasMessage("trigger_hold_millis is -1: give 0 to 3600000");
  }

  private Panel panel(PanelSettings settings) {
    return Panel.on(board.context(), settings);
  }

  /** A light, and a shutter or a trigger. */
  private static PanelSettings settings(boolean shutter, int triggerHoldMillis) {
    @Nullable Integer trigger = triggerHoldMillis == 0 ? null : TRIGGER;
    return new PanelSettings(
        LED, null, shutter ? SHUTTER : null, null, trigger, null, triggerHoldMillis);
  }

  private boolean lit() {
    return board.output(LED);
  }

  private void shut(boolean closed) {
    board.drive(SHUTTER, closed);
  }
}
