package dev.blindsight.camera.soak;

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
    // Two lines for every readout: a formatter would take more of the cameras' time than sealing.
    return switch (this) {
      case Spooled entry -> "spooled\t" + entry.camera + '\t' + entry.sequence + '\n';
      case Answered entry ->
          "answered\t"
              + entry.camera
              + '\t'
              + entry.sequence
              + '\t'
              + entry.label
              + '\t'
              + entry.probability
              + '\t'
              + entry.latencyNanos
              + '\n';
      case Connected entry -> "connected\t" + entry.camera + '\t' + entry.epochMillis + '\n';
      case Counted entry ->
          "counted\t" + entry.process + '\t' + entry.duplicated + '\t' + entry.refused + '\n';
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
