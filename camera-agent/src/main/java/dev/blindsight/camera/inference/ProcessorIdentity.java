package dev.blindsight.camera.inference;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What decides which instructions a machine's processors have, as Linux tells it in /proc/cpuinfo:
 * the lines that name maker, model and instruction sets, not those that change (clock, load).
 *
 * @param name for people
 * @param key the same on machines that have the same instructions, of any length
 */
record ProcessorIdentity(String name, String key) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");
  private static final int MOST_BYTES = 4 << 20;
  private static final Set<String> NAMES = Set.of("model name", "Model", "Hardware");
  private static final Set<String> DECIDING =
      Set.of(
          "vendor_id",
          "cpu family",
          "model",
          "model name",
          "stepping",
          "flags",
          "CPU implementer",
          "CPU architecture",
          "CPU variant",
          "CPU part",
          "CPU revision",
          "Features");

  /** Of the processors of this machine, whichever of them a thread runs on. */
  static ProcessorIdentity ofThisMachine() {
    String architecture = System.getProperty("os.arch");
    try (InputStream cpuinfo = Files.newInputStream(CPUINFO)) {
      return parse(
          architecture, new String(cpuinfo.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Elsewhere than on Linux, the architecture is all there is.
      return new ProcessorIdentity(architecture, architecture);
    }
  }

  /**
   * @param architecture of the operating system
   * @param cpuinfo the content of /proc/cpuinfo
   */
  static ProcessorIdentity parse(String architecture, String cpuinfo) {
    String deciding =
        cpuinfo
            .lines()
            .filter(line -> DECIDING.contains(key(line)))
            .map(String::strip)
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining("\n"));
    Optional<String> name =
        cpuinfo
            .lines()
            .filter(line -> NAMES.contains(key(line)))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .filter(value -> !value.isEmpty())
            .findFirst();
    return new ProcessorIdentity(name.orElse(architecture), architecture + "\n" + deciding);
  }

  private static String key(String line) {
    int colon = line.indexOf(':');
    return colon < 0 ? "" : line.substring(0, colon).strip();
  }
}
