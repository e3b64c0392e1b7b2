package dev.blindsight.camera.sensor.csi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.sensor.LinesInMemory;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guarantee from the memory's side: no more than a line is ever in this process. */
@EnabledOnOs(OS.LINUX)
class CsiMemoryTest {
  /** Far from those that other tests leave in this memory. */
  private static final int EXPOSURE = 7_000_003;

  private static final int WIDTH = 192;
  private static final int HEIGHT = 28;

  private final LinesInMemory lines = new LinesInMemory(EXPOSURE, WIDTH, HEIGHT);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void read_frame_leavesNoLineInMemory(int channels) throws IOException {
    try (ReadoutSensor sensor = open(channels, "");
        Readout readout = sensor.read().orElseThrow()) {
      assertThat(readout.length()).isEqualTo(WIDTH * HEIGHT * channels / 10);

      assertThat(lines.find()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void read_whileAFramePassesBy_holdsOneLineAtMost(int channels) throws Exception {
    int lastLine = 9;
    int bytes = lastLine * WIDTH + WIDTH / 2;
    ReadoutSensor sensor = open(channels, " --frames 0 --stall --part " + bytes);
    CompletableFuture<Optional<Readout>> reading = CompletableFuture.supplyAsync(sensor::read);
    while (sensor.traffic().busBytes() < bytes && !reading.isDone()) {
      Thread.onSpinWait();
    }

    assertThat(lines.find()).containsExactly(lastLine);

    sensor.close();
    assertThat(reading.get(10, TimeUnit.SECONDS)).isEmpty();
  }

  @Test
  void find_plantedLine_isFound() throws IOException {
    // An exposure of its own: the heap may keep a copy of it for a while.
    int exposure = EXPOSURE + 1000;
    byte[] onTheHeap = new byte[WIDTH];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment outside = arena.allocate(WIDTH);
      for (int column = 0; column < WIDTH; column++) {
        onTheHeap[column] = (byte) Scene.moving().valueAt(exposure, 3, column, 0);
        outside.set(
            ValueLayout.JAVA_BYTE, column, (byte) Scene.moving().valueAt(exposure, 17, column, 0));
      }

      assertThat(new LinesInMemory(exposure, WIDTH, HEIGHT).find()).containsExactly(3, 17);
      // Used until here, so that it is not taken away before.
      assertThat(onTheHeap[0]).isEqualTo((byte) Scene.moving().valueAt(exposure, 3, 0, 0));
      outside.fill((byte) 0);
      Arrays.fill(onTheHeap, (byte) 0);
    }
  }

  private ReadoutSensor open(int channels, String arguments) throws IOException {
    return ReadoutSensors.open(
        SensorSource.parse(
            "csi:0?size=%dx%d&rate=0.1&timeout=60000&program=%s&arguments=--first %d%s"
                .formatted(
                    WIDTH, HEIGHT, SimulatedCameraProgram.script(directory), EXPOSURE, arguments)),
        ReadoutSpec.corenet(new SensorGeometry(WIDTH, HEIGHT, channels), 0.1, true),
        "device");
  }
}
