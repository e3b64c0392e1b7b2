package dev.blindsight.camera.sensor.arducam;

import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.board.Sccb;
import dev.blindsight.camera.sensor.board.SpiBus;
import dev.blindsight.camera.sensor.omnivision.FifoModule;
import dev.blindsight.camera.sensor.omnivision.FrameSize;
import dev.blindsight.camera.sensor.omnivision.FrameWindow;
import dev.blindsight.camera.sensor.omnivision.PixelFormat;
import dev.blindsight.camera.sensor.omnivision.PixelReader;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.util.function.BooleanSupplier;

/** An ArduCAM Mini 2MP: one frame into the FIFO, then its kept bytes line by line. */
final class ArducamModule implements FifoModule {
  /** More than a frame is written when the sensor's size is not the one it was set to. */
  private static final int SPARE_LINES = 2;

  private final ArducamSettings settings;
  private final Sccb control;
  private final SpiBus bus;
  private final Ov2640Registers registers;
  private final Arduchip chip;
  private final LineReader lines;

  /** The buses are the module's from now on. */
  ArducamModule(ArducamSettings settings, Sccb control, SpiBus bus, ReadoutSpec spec) {
    this.settings = settings;
    this.control = control;
    this.bus = bus;
    this.registers = new Ov2640Registers(control);
    this.chip = new Arduchip(bus);
    this.lines =
        new LineReader(
            chip,
            settings.window().size(),
            PixelReader.bytesOf(spec, settings.format(), settings.window()));
  }

  @Override
  public String name() {
    return bus.name();
  }

  @Override
  public FrameWindow window() {
    return settings.window();
  }

  @Override
  public PixelFormat format() {
    return settings.format();
  }

  @Override
  public void setUp() {
    chip.requireSound();
    registers.setUp(settings.window().size(), settings.format());
  }

  @Override
  public void capture(BooleanSupplier stopped) {
    int length = chip.capture(settings.captureTimeout(), stopped);
    FrameSize size = settings.window().size();
    int least = settings.lead() + size.bytes();
    int most = Math.min(least + SPARE_LINES * size.lineBytes(), FrameSize.FIFO_CAPACITY);
    if (length < least || length > most) {
      throw new SensorException(
          "%s: the FIFO holds %d bytes, a frame of %s has %d to %d: check the module's power, or reset it"
              .formatted(bus.name(), length, size, least, most));
    }
  }

  @Override
  public void begin() {
    lines.begin(settings.lead());
  }

  @Override
  public int read(int index) {
    return lines.read(index);
  }

  @Override
  public void rest() {
    lines.end();
  }

  @Override
  public void requireSound() {
    chip.requireSound();
  }

  @Override
  public long clocked() {
    return lines.clocked();
  }

  @Override
  public long faults() {
    return control.faults() + bus.faults();
  }

  @Override
  public void stopWaiting() {
    // A capture looks for itself whether it is to stop.
  }

  @Override
  public void close() {
    bus.close();
    control.close();
  }
}
