package dev.blindsight.camera.inference;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one inference of the bundled model leaves to the garbage collector. */
class ModelAllocationTest {
  private static final int WARM_UP = 300;
  private static final int RUNS = 500;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Model model = ModelSource.load(ModelSource.BUNDLED, InferenceSettings.standard());
  private final byte[] values = values();

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void infer_intoAnArray_allocatesNoMoreThanTheBinding() {
    float[] logits = new float[model.card().labels().size()];

    assertThat(bytesEach(() -> model.infer(values, logits))).isBetween(1L, 640L);
  }

  @Test
  void infer_readoutIntoAnArray_allocatesNoMoreThanTheBinding() {
    float[] logits = new float[model.card().labels().size()];
    try (Readout readout = readout()) {
      assertThat(bytesEach(() -> model.infer(readout, logits))).isBetween(1L, 640L);
    }
  }

  @Test
  void classify_threeLabels_addsALittleForEach() {
    assertThat(bytesEach(() -> model.classify(values, 3))).isBetween(1L, 1024L);
  }

  private static long bytesEach(Runnable inference) {
    for (int i = 0; i < WARM_UP; i++) {
      inference.run();
    }
    long thread = Thread.currentThread().threadId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    for (int i = 0; i < RUNS; i++) {
      inference.run();
    }
    return (THREADS.getThreadAllocatedBytes(thread) - before) / RUNS;
  }

  private Readout readout() {
    return new Readout(
        "camera",
        0,
        Instant.EPOCH,
        model.card().spec(),
        GuaranteeLevel.FRAME_IN_DRIVER,
        values.clone());
  }

  private byte[] values() {
    byte[] random = new byte[model.card().inputLength()];
    new Random(1).nextBytes(random);
    return random;
  }
}
