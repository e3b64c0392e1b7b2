package dev.blindsight.camera.soak;

import java.util.Locale;
import java.util.Optional;

/**
 * A line of the journal that the cameras' process writes: tab-separated, one word for the kind
 * first.
 */
sealed interface JournalEntry {

  /** A readout is in its camera's spool. */
  record Spooled(int camera, long sequence) implements JournalEntry {}

  /** A readout was answered, told before it leaves the spool. */
  record Answered(int camera, long sequence, String label, double probability, long latencyNanos)
      implements JournalEntry {}

  /** A camera is connected to the broker. */
  record Connected(int camera, long epochMillis) implements JournalEntry {}

  /** What this process's cameras have counted so far, all together. */
  record Counted(long process, long duplicated, long refused) implements JournalEntry {}

  /** The entry as a line, with its end. */
  default String line() {
    return switch (this) {
      case Spooled entry -> "spooled\t%d\t%d\n".formatted(entry.camera, entry.sequence);
      case Answered entry ->
          String.format(
              Locale.ROOT,
              "answered\t%d\t%d\t%s\t%.6f\t%d\n",
              entry.camera,
              entry.sequence,
              entry.label,
              entry.probability,
              entry.latencyNanos);
      case Connected entry -> "connected\t%d\t%d\n".formatted(entry.camera, entry.epochMillis);
      case Counted entry ->
          "counted\t%d\t%d\t%d\n".formatted(entry.process, entry.duplicated, entry.refused);
    };
  }

  /**
   * Reads a line.
   *
   * @return empty when it is none of ours: the process was killed while it wrote
   */
  static Optional<JournalEntry> parse(String line) {
    String[] fields = line.split("\t", -1);
    if (fields.length != length(fields[0])) {
      return Optional.empty();
    }
    try {
      return switch (fields[0]) {
        case "spooled" ->
            Optional.of(new Spooled(Integer.parseInt(fields[1]), Long.parseLong(fields[2])));
        case "answered" ->
            Optional.of(
                new Answered(
                    Integer.parseInt(fields[1]),
                    Long.parseLong(fields[2]),
                    fields[3],
                    Double.parseDouble(fields[4]),
                    Long.parseLong(fields[5])));
        case "connected" ->
            Optional.of(new Connected(Integer.parseInt(fields[1]), Long.parseLong(fields[2])));
        case "counted" ->
            Optional.of(
                new Counted(
                    Long.parseLong(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3])));
        default -> Optional.empty();
      };
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static int length(String kind) {
    return switch (kind) {
      case "spooled", "connected" -> 3;
      case "counted" -> 4;
      case "answered" -> 6;
      default -> 0;
    };
  }
}
