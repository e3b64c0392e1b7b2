package dev.blindsight.camera.sensor.csi;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads what a program says to the end, and keeps its last line. */
final class LastLine {
  private static final int MOST_CHARACTERS = 200;

  private final Thread reader;
  private volatile String text = "";

  LastLine(InputStream said) {
    this.reader = Thread.ofVirtual().start(() -> read(said));
  }

  private void read(InputStream said) {
    StringBuilder line = new StringBuilder();
    try (Reader characters = new InputStreamReader(said, StandardCharsets.UTF_8)) {
      for (int next = characters.read(); next >= 0; next = characters.read()) {
        if (next == '\n') {
          keep(line);
          line.setLength(0);
        } else if (line.length() < MOST_CHARACTERS) {
          // What cannot be printed is not passed on to a terminal or a log.
          line.append(next >= ' ' && next < 127 ? (char) next : ' ');
        }
      }
      keep(line);
    } catch (IOException _) {
      // The program has been ended: what it said so far is what it said.
    }
  }

  private void keep(StringBuilder line) {
    String said = line.toString().strip();
    if (!said.isEmpty()) {
      text = said;
    }
  }

  /** The last line that is not empty, once the program has ended or the time is over. */
  String await(Duration most) throws InterruptedException {
    boolean _ = reader.join(most);
    return text;
  }
}
