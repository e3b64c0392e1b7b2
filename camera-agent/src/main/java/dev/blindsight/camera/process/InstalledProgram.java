package dev.blindsight.camera.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where this system has a program of somebody else's. */
public final class InstalledProgram {
  private static final Pattern SEPARATOR = Pattern.compile(":");

  private InstalledProgram() {}

  /**
   * Looks on the path and where Debian puts servers, which is not on everybody's path.
   *
   * @param name as a shell would be told, without a folder
   */
  public static Optional<Path> find(String name) {
    return Stream.concat(
            Optional.ofNullable(System.getenv("PATH")).stream().flatMap(SEPARATOR::splitAsStream),
            Stream.of("/usr/sbin", "/usr/local/sbin"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
