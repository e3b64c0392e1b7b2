package dev.blindsight.camera.bench;

import dev.blindsight.camera.process.ResidentMemory;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import java.lang.management.ManagementFactory;

/**
 * A process of its own that loads one model, answers some readouts and prints its {@link Footprint}
 * as one line of JSON. Arguments: the model, threads, workers, batch. Started by {@link
 * FootprintProcess} only.
 */
final class FootprintProbe {
  private static final int RUNS = 5;

  private FootprintProbe() {}

  public static void main(String[] arguments) throws InterruptedException {
    try {
      Footprint footprint =
          measure(
              arguments[0],
              Integer.parseInt(arguments[1]),
              Integer.parseInt(arguments[2]),
              Integer.parseInt(arguments[3]));
      System.out.println(StrictMapper.json().write(footprint));
    } catch (UserError e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  private static Footprint measure(String source, int threads, int workers, int batch)
      throws InterruptedException {
    double firstAnswerMs;
    ResidentMemory memory;
    try (ModelWorkload model = ModelWorkload.load(source, threads, batch);
        Crew crew = new Crew(workers);
        Measurement measurement = new Measurement(model, crew, workers)) {
      measurement.measureBlock();
      long answered = System.currentTimeMillis();
      for (int run = 1; run < RUNS; run++) {
        measurement.measureBlock();
      }
      memory = ResidentMemory.own();
      firstAnswerMs = answered - ManagementFactory.getRuntimeMXBean().getStartTime();
    }
    return new Footprint(
        loadAgain(source, threads, batch), firstAnswerMs, memory.nowMb(), memory.mostMb());
  }

  /** The first time loads the classes and ONNX Runtime, too, which are the same for all models. */
  private static double loadAgain(String source, int threads, int batch) {
    long begin = System.nanoTime();
    try (ModelWorkload _ = ModelWorkload.load(source, threads, batch)) {
      return (System.nanoTime() - begin) / 1e6;
    }
  }
}
