package dev.blindsight.camera.sensor.board;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A single-board computer without hardware: a Pi4J context whose pins and buses lead to simulated
 * chips. Pins nobody drives read low.
 */
public final class SimulatedBoard implements AutoCloseable {
  private final Context context;
  private final Map<Integer, SimulatedInput> inputs = new ConcurrentHashMap<>();
  private final Map<Integer, Boolean> outputs = new ConcurrentHashMap<>();
  private final Map<Integer, Consumer<Boolean>> wires = new ConcurrentHashMap<>();
  private final Map<Integer, BooleanSupplier> levels = new ConcurrentHashMap<>();
  private final Map<Integer, Consumer<Boolean>> ears = new ConcurrentHashMap<>();
  private final Map<Integer, SimulatedSccbChip> sccb = new HashMap<>();
  private final Map<Integer, SimulatedSpiChip> spi = new HashMap<>();

  /** A board with nothing on it. */
  public SimulatedBoard() {
    this.context =
        Pi4J.newContextBuilder()
            .noAutoDetect()
            .noAutoInject()
            .disableShutdownHook()
            .add(
                new SimulatedInputProvider(this),
                new SimulatedOutputProvider(this),
                new SimulatedSccbProvider(sccb),
                new SimulatedSpiProvider(spi))
            .build();
  }

  /** What drivers are given. */
  public Context context() {
    return context;
  }

  /** Leads an output pin to a chip, which is told of each level it is set to. */
  public void wire(int line, Consumer<Boolean> chip) {
    wires.put(line, chip);
  }

  /** Lets a chip drive an input pin; asked each time the pin is read. */
  public void source(int line, BooleanSupplier chip) {
    levels.put(line, chip);
  }

  /** Tells a chip whether anybody listens to an input pin. */
  public void onListening(int line, Consumer<Boolean> chip) {
    ears.put(line, chip);
  }

  /** Drives an input pin, and tells its listeners if that changes its level. */
  public void drive(int line, boolean high) {
    boolean before = level(line);
    levels.put(line, () -> high);
    if (before != high) {
      announce(line, high);
    }
  }

  /** Tells the listeners of an input pin of a level. */
  public void announce(int line, boolean high) {
    SimulatedInput input = inputs.get(line);
    if (input != null) {
      input.announce(high);
    }
  }

  /** The level an output pin was set to last; low when it was never opened. */
  public boolean output(int line) {
    return outputs.getOrDefault(line, false);
  }

  /** Whether an input pin is open. */
  public boolean isOpen(int line) {
    return inputs.containsKey(line);
  }

  /** Puts a chip on every I²C bus. */
  public void sccb(int address, SimulatedSccbChip chip) {
    sccb.put(address, chip);
  }

  /** Puts a chip behind a chip select of every SPI bus. */
  public void spi(int chipSelect, SimulatedSpiChip chip) {
    spi.put(chipSelect, chip);
  }

  @Override
  public void close() {
    context.shutdown();
  }

  boolean level(int line) {
    return levels.getOrDefault(line, () -> false).getAsBoolean();
  }

  void opened(int line, SimulatedInput input) {
    inputs.put(line, input);
  }

  void closed(int line) {
    inputs.remove(line);
  }

  void listening(int line, boolean anybody) {
    ears.getOrDefault(line, _ -> {}).accept(anybody);
  }

  void set(int line, boolean high) {
    outputs.put(line, high);
    wires.getOrDefault(line, _ -> {}).accept(high);
  }
}
