package dev.blindsight.camera.sensor.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.sensor.LinesInMemory;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is left of a frame that was in a driver's memory: all memory of this process, Java's and
 * FFmpeg's, is searched after the overwriting. The video is of a coding that makes no picture from
 * another and in which the values themselves do not occur, for what has not been decoded yet waits
 * in FFmpeg's input buffers.
 */
@EnabledOnOs(OS.LINUX)
class ReplayMemoryTest {
  /** Far from those that other tests leave in this memory. */
  private static final int FIRST = 9_000_001;

  private static final int PICTURES = 6;

  /** At the end, to flush the scene out of the buffers that this test writes it through. */
  private static final int BLANK = 4;

  private static final SensorGeometry GEOMETRY = new SensorGeometry(192, 48, 1);

  @TempDir Path folder;

  @Test
  void read_frame_leavesAtMostOneLineInMemory() throws Exception {
    ReadoutSpec spec = ReadoutSpec.corenet(GEOMETRY, 0.1, true);
    try (ReadoutSensor sensor =
        ReadoutSensors.open(SensorSource.parse("replay:" + video()), spec, "device")) {
      for (int picture = 0; picture < PICTURES; picture++) {
        try (Readout readout = sensor.read().orElseThrow()) {
          int channel = spec.mask().channelAt(0);
          int seen =
              Scene.moving()
                  .valueAt(
                      FIRST + picture, channel / GEOMETRY.width(), channel % GEOMETRY.width(), 0);
          assertThat(readout.valueAt(0)).isEqualTo(spec.permutation().apply(seen));
        }
        // The decoder's working memory has the picture's first line; of a frame there are 48.
        assertThat(new LinesInMemory(FIRST + picture, GEOMETRY.width(), GEOMETRY.height()).find())
            .isSubsetOf(0);
      }
    }
  }

  private Path video() {
    FfmpegProgram ffmpeg = FfmpegProgram.installed();
    Path lossless =
        ffmpeg.lossless(
            folder.resolve("scene.mkv"),
            (exposure, row, column, channel) ->
                exposure < PICTURES
                    ? Scene.moving().valueAt(FIRST + exposure, row, column, channel)
                    : 0,
            GEOMETRY,
            PICTURES + BLANK);
    Path video = folder.resolve("scene.avi");
    ffmpeg.run("-i", lossless.toString(), "-c:v", "ffvhuff", "-pix_fmt", "gray", video.toString());
    return video;
  }
}
