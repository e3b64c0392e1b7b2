package dev.blindsight.camera.sensor.csi;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which camera program this system has: its name was changed in 2024. */
final class InstalledProgram {
  private static final List<String> NAMES = List.of("rpicam-vid", "libcamera-vid");
  private static final Pattern SEPARATOR = Pattern.compile(":");

  private InstalledProgram() {}

  /** The program's name; the newer one when there is none. */
  static String find() {
    return NAMES.stream().filter(InstalledProgram::exists).findFirst().orElse(NAMES.getFirst());
  }

  private static boolean exists(String name) {
    return folders().anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
  }

  private static Stream<String> folders() {
    return Optional.ofNullable(System.getenv("PATH")).stream()
        .flatMap(SEPARATOR::splitAsStream)
        .filter(folder -> !folder.isEmpty());
  }
}
