package dev.blindsight.camera.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a machine's processors have done since it started, in hundredths of a second of one
 * processor, as the first line of Linux's {@code /proc/stat} tells (proc_stat, section 5 of the
 * manual). An even load by others slows all that is measured without making it uneven: only this
 * shows it.
 *
 * @param busy working for anybody, or for another machine on the same hardware
 * @param all working or idle
 * @param own working for this process
 */
record ProcessorTime(long busy, long all, long own) {
  private static final Path STATISTICS = Path.of("/proc/stat");
  // The columns user, nice, system, idle, iowait, irq, softirq, steal; guests are among user.
  private static final Pattern TIMES = Pattern.compile("^cpu +(\\d{1,15}(?: \\d{1,15}){7})\\b");
  private static final List<Integer> RESTING = List.of(3, 4);
  private static final long HUNDREDTH_NANOS = 10_000_000;

  /** Up to now; empty where the system does not tell. */
  static Optional<ProcessorTime> now() {
    try {
      Optional<Duration> own = ProcessHandle.current().info().totalCpuDuration();
      return parse(Files.readString(STATISTICS), own.orElse(Duration.ZERO))
          .filter(_ -> own.isPresent());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  static Optional<ProcessorTime> parse(String statistics, Duration own) {
    Matcher line = TIMES.matcher(statistics);
    if (!line.find()) {
      return Optional.empty();
    }
    long[] times = Arrays.stream(line.group(1).split(" ")).mapToLong(Long::parseLong).toArray();
    long all = Arrays.stream(times).sum();
    long idle = RESTING.stream().mapToLong(column -> times[column]).sum();
    return Optional.of(new ProcessorTime(all - idle, all, own.toNanos() / HUNDREDTH_NANOS));
  }

  /** How much of all processors others had since an earlier time, 0..1. */
  double othersSince(ProcessorTime earlier) {
    long others = busy - earlier.busy - (own - earlier.own);
    return Math.clamp((double) others / Math.max(1, all - earlier.all), 0, 1);
  }
}
