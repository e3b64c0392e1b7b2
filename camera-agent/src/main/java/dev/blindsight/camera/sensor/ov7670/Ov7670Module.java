package dev.blindsight.camera.sensor.ov7670;

import dev.blindsight.camera.sensor.board.InputPin;
import dev.blindsight.camera.sensor.board.Pins;
import dev.blindsight.camera.sensor.board.Sccb;
import dev.blindsight.camera.sensor.omnivision.FifoModule;
import dev.blindsight.camera.sensor.omnivision.FrameWindow;
import dev.blindsight.camera.sensor.omnivision.PixelFormat;
import java.util.function.BooleanSupplier;

/**
 * An OV7670 with an AL422B: lets the sensor write one whole frame into the FIFO, from one VSYNC to
 * the next, then clocks through it with outputs on for kept bytes alone.
 */
final class Ov7670Module implements FifoModule {
  private final Ov7670Settings settings;
  private final Sccb control;
  private final Pins pins;
  private final Ov7670Registers registers;
  private final FrameClock clock;
  private final Al422b fifo;

  /** Takes the pins; they and the bus are the module's from now on. */
  Ov7670Module(Ov7670Settings settings, Sccb control, Pins pins) {
    this.settings = settings;
    this.control = control;
    this.pins = pins;
    this.registers = new Ov7670Registers(control);
    Wires wires = Wires.open(pins, settings);
    this.clock = new FrameClock(wires.verticalSync(), settings.frameTimeout());
    this.fifo = new Al422b(wires, settings.outputEnableKind());
  }

  @Override
  public String name() {
    return "ov7670";
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
    registers.setUp(settings.window().size(), settings.format());
  }

  @Override
  public void capture(BooleanSupplier stopped) {
    long before = clock.seen();
    try (InputPin.Listening _ = clock.listen()) {
      long began = clock.awaitAfter(before);
      fifo.beginWriting();
      try {
        clock.awaitAfter(began);
      } finally {
        fifo.endWriting();
      }
    }
  }

  @Override
  public void begin() {
    fifo.rewind();
  }

  @Override
  public int read(int index) {
    return fifo.read(index);
  }

  @Override
  public void rest() {
    fifo.rest();
  }

  @Override
  public void requireSound() {
    registers.requireProduct();
  }

  @Override
  public long clocked() {
    return fifo.driven();
  }

  @Override
  public long faults() {
    return control.faults();
  }

  @Override
  public void stopWaiting() {
    clock.stop();
  }

  @Override
  public void close() {
    pins.close();
    control.close();
  }
}
