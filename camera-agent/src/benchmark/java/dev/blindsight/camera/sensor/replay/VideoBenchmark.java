package dev.blindsight.camera.sensor.replay;

import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
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

/** Exposures a second of a video, over and over, at 224 x 224 x 3, keep 0.1. */
@State(Scope.Thread)
@BenchmarkMode({Mode.Throughput, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(2)
public class VideoBenchmark {
  /** The path of a video: {@code -p video=vtest.avi}. */
  @Param("vtest.avi")
  public String video = "";

  private ReadoutSensor sensor;

  /** For the harness. */
  public VideoBenchmark() {}

  /** Opens the video. */
  @Setup(Level.Trial)
  public void open() {
    sensor =
        ReadoutSensors.open(
            SensorSource.parse("replay:" + video + "?loop=true"),
            ReadoutSpec.corenet(new SensorGeometry(224, 224, 3), 0.1, true),
            "device");
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    sensor.close();
  }

  /** Decodes, scales, gathers, permutes, overwrites. */
  @Benchmark
  public long exposure() {
    try (var readout = sensor.read().orElseThrow()) {
      return readout.sequence();
    }
  }
}
