package dev.blindsight.camera.sensor.replay;

import dev.blindsight.camera.process.InstalledProgram;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The program {@code ffmpeg}, which makes videos and sends them. */
public final class FfmpegProgram {
  private final Path binary;

  private FfmpegProgram(Path binary) {
    this.binary = binary;
  }

  /** Skips the test where it is not installed, except where tests must not be skipped. */
  public static FfmpegProgram installed() {
    Optional<Path> binary = InstalledProgram.find("ffmpeg");
    if (System.getenv("CI") == null) {
      Assumptions.assumeTrue(binary.isPresent(), "ffmpeg is not installed: apt-get install ffmpeg");
    }
    return new FfmpegProgram(binary.orElseThrow());
  }

  /** Runs it to its end. */
  public void run(String... arguments) {
    finish(start(arguments));
  }

  /** Starts it; the caller ends it. */
  public Process start(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    command.addAll(List.of("-hide_banner", "-loglevel", "error", "-y"));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a video that loses nothing of a scene: FFV1 in Matroska. */
  public Path lossless(Path file, Scene scene, SensorGeometry geometry, int pictures) {
    Process process =
        start(
            "-f",
            "rawvideo",
            "-pix_fmt",
            geometry.channels() == 1 ? "gray" : "rgb24",
            "-s",
            geometry.width() + "x" + geometry.height(),
            "-r",
            "25",
            "-i",
            "-",
            "-c:v",
            "ffv1",
            file.toString());
    // Value by value, so that this process holds no picture.
    try (OutputStream pipe = new BufferedOutputStream(process.getOutputStream(), 512)) {
      for (int exposure = 0; exposure < pictures; exposure++) {
        for (int row = 0; row < geometry.height(); row++) {
          for (int column = 0; column < geometry.width(); column++) {
            for (int channel = 0; channel < geometry.channels(); channel++) {
              pipe.write(scene.valueAt(exposure, row, column, channel));
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    finish(process);
    return file;
  }

  private static void finish(Process process) {
    int exit = process.onExit().join().exitValue();
    if (exit != 0) {
      throw new IllegalStateException("ffmpeg ended with " + exit + ": " + process.info());
    }
  }
}
