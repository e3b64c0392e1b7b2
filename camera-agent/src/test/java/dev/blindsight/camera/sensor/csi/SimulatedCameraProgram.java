package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.sensor.Scene;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * A camera program in a process of its own, that takes rpicam-vid's arguments and writes frames of
 * the moving scene to its standard output as rpicam-vid does with {@code --codec yuv420}: the plane
 * of Y line by line, then U and V for two by two pixels, one frame after the other without anything
 * in between. Channel 0 of the scene is luma, 1 and 2 are U and V at the even place. It knows one
 * camera, of number 0, and holds no more than a line.
 *
 * <p>Arguments of its own: {@code --first n} for the first frame's exposure, {@code --frames n} to
 * end after n of them, {@code --part bytes} to write so much of a further one, {@code --stall} to
 * wait instead of ending.
 */
public final class SimulatedCameraProgram {
  private SimulatedCameraProgram() {}

  /**
   * Writes a script that starts it, for the option {@code program}.
   *
   * @param folder where
   * @return the script's path
   */
  public static Path script(Path folder) throws IOException {
    String classes = Scene.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return script(
        folder,
        "exec '%s/bin/java' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx16m -cp '%s' %s \"$@\""
            .formatted(
                System.getProperty("java.home"), classes, SimulatedCameraProgram.class.getName()));
  }

  static Path script(Path folder, String... lines) throws IOException {
    Path script = folder.resolve("camera-program");
    Files.write(script, List.of("#!/bin/sh", String.join("\n", lines)));
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  /** The program. */
  public static void main(String[] arguments) throws IOException {
    List<String> given = Arrays.asList(arguments);
    if (!argument(given, "--codec", "").equals("yuv420")
        || !argument(given, "-o", "").equals("-")
        || !argument(given, "--timeout", "").equals("0")
        || !given.contains("--flush")
        || !given.contains("--nopreview")) {
      end("ERROR: *** unexpected arguments " + given + " ***", 2);
    }
    if (number(given, "--camera", -1) != 0) {
      end("ERROR: *** no cameras available ***", 255);
    }
    int width = number(given, "--width", 0);
    int height = number(given, "--height", 0);
    int first = number(given, "--first", 0);
    int end = first + number(given, "--frames", Integer.MAX_VALUE - first);
    try (OutputStream output =
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), width)) {
      for (int frame = first; frame < end; frame++) {
        write(output, frame, width, height, Integer.MAX_VALUE);
      }
      write(output, end, width, height, number(given, "--part", 0));
      output.flush();
      while (given.contains("--stall")) {
        LockSupport.park();
      }
    } catch (IOException e) {
      end("ERROR: *** failed to write output bytes ***", 255);
    }
    end("Halting", 0);
  }

  private static void end(String line, int code) {
    System.err.println(line);
    System.exit(code);
  }

  private static int number(List<String> given, String name, int otherwise) {
    return Integer.parseInt(argument(given, name, String.valueOf(otherwise)));
  }

  private static String argument(List<String> given, String name, String otherwise) {
    int at = given.indexOf(name);
    return at >= 0 ? given.get(at + 1) : otherwise;
  }

  private static void write(OutputStream output, int frame, int width, int height, int most)
      throws IOException {
    Scene scene = Scene.moving();
    int left = most;
    for (int plane = 0; plane < 3; plane++) {
      int step = plane == 0 ? 1 : 2;
      for (int row = 0; row < height; row += step) {
        for (int column = 0; column < width; column += step) {
          if (left-- <= 0) {
            return;
          }
          output.write(scene.valueAt(frame, row, column, plane));
        }
      }
    }
  }
}
