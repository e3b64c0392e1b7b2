package dev.blindsight.camera.sensor.replay;

import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What it costs to gather and permute the kept channels of a frame, beside copying the frame:
 * 15,052 of 150,528 channels (keep 0.1 at 224 x 224 x 3, rows of 704 bytes).
 */
@State(Scope.Thread)
// Samples rather than means: their median stands work of others on the same machine.
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class GatherBenchmark {
  private static final SensorGeometry GEOMETRY = new SensorGeometry(224, 224, 3);
  private static final int ROW = 224 * 3;
  private static final int STRIDE = 704;
  private static final int FRAME = STRIDE * 224;

  /**
   * How many frames there are: one stays in the processor's caches; of 600 (95 MB), each has left
   * them before it comes round again, as buffers that a camera fills by itself.
   */
  @Param({"1", "600"})
  public int frames;

  private final Arena arena = Arena.ofShared();
  private final ReadoutSpec spec = ReadoutSpec.corenet(GEOMETRY, 0.1, true);
  private final Acquisition acquisition =
      new Acquisition(spec, "device", GuaranteeLevel.FRAME_IN_DRIVER);
  private final int[] offsets = spec.mask().channels();
  private final MemorySegment target = arena.allocate(spec.length(), 4096);
  private final MemorySegment copy = arena.allocate(FRAME, 4096);
  private MemorySegment[] ring = {};
  private MemorySegment[] copies = {};
  private int next;

  /** For the harness. */
  public GatherBenchmark() {}

  /** Fills the frames. */
  @Setup(Level.Trial)
  public void fill() {
    for (int slot = 0; slot < offsets.length; slot++) {
      offsets[slot] = offsets[slot] / ROW * STRIDE + offsets[slot] % ROW;
    }
    byte[] noise = new byte[FRAME];
    new Random(1).nextBytes(noise);
    ring = new MemorySegment[frames];
    copies = new MemorySegment[frames];
    for (int i = 0; i < frames; i++) {
      copies[i] = arena.allocate(FRAME, 4096);
      ring[i] = arena.allocate(FRAME, 4096);
      MemorySegment.copy(noise, 0, ring[i], ValueLayout.JAVA_BYTE, 0, FRAME);
    }
  }

  /** Gives the memory back. */
  @TearDown(Level.Trial)
  public void free() {
    acquisition.close();
    arena.close();
  }

  private MemorySegment frame() {
    next = next + 1 == frames ? 0 : next + 1;
    return ring[next];
  }

  /** Gather and permute alone. */
  @Benchmark
  public MemorySegment gather() {
    spec.acquire(frame(), offsets, target);
    return target;
  }

  /** A whole readout: memory, gather, number, overwritten when it is closed. */
  @Benchmark
  public long readout() {
    try (var readout = acquisition.take(frame(), offsets)) {
      return readout.sequence();
    }
  }

  /** What is compared with: the frame copied to other memory. */
  @Benchmark
  public MemorySegment memcpy() {
    MemorySegment.copy(frame(), 0, copy, 0, FRAME);
    return copy;
  }

  /** The frame copied to one of as many places, as where frames wait in turn. */
  @Benchmark
  public MemorySegment memcpyInTurn() {
    MemorySegment from = frame();
    MemorySegment.copy(from, 0, copies[next], 0, FRAME);
    return copies[next];
  }

  /** The frame copied to a new array, as a pipeline of frames would. */
  @Benchmark
  public byte[] toArray() {
    return frame().toArray(ValueLayout.JAVA_BYTE);
  }
}
