package dev.blindsight.camera.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a process that is in RAM, as Linux tells in {@code /proc/PID/status} (proc_pid_status,
 * section 5 of the manual).
 *
 * @param nowMb at present, in 10^6 bytes; null where it is not told
 * @param mostMb the most it ever was, in 10^6 bytes; null where it is not told
 */
public record ResidentMemory(@Nullable Double nowMb, @Nullable Double mostMb) {
  private static final double KIBIBYTE = 1024;

  /** Of this process. */
  public static ResidentMemory own() {
    return read("self");
  }

  /** Of another process. */
  public static ResidentMemory of(ProcessHandle process) {
    return read(Long.toString(process.pid()));
  }

  private static ResidentMemory read(String process) {
    try {
      return parse(Files.readString(Path.of("/proc", process, "status")));
    } catch (IOException _) {
      return new ResidentMemory(null, null);
    }
  }

  static ResidentMemory parse(String status) {
    return new ResidentMemory(field("VmRSS", status), field("VmHWM", status));
  }

  private static @Nullable Double field(String name, String status) {
    Matcher line =
        Pattern.compile("^%s:\\s*(\\d{1,15}) kB$".formatted(name), Pattern.MULTILINE)
            .matcher(status);
    return line.find() ? Long.parseLong(line.group(1)) * KIBIBYTE / 1e6 : null;
  }
}
