package dev.blindsight.camera.cli;

import dev.blindsight.protocol.document.StrictMapper;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where a command writes: results to {@code out}, everything else to {@code err}.
 *
 * @param out the result, and nothing but the result
 * @param err errors, progress, hints
 */
public record Console(PrintWriter out, PrintWriter err) {
  /** Standard output and standard error, as UTF-8. */
  public static Console standard() {
    return new Console(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8));
  }

  /** Writes one line of result. */
  public void println(String line) {
    out.println(line);
    out.flush();
  }

  /** Writes a record as one line of JSON, with keys in snake case. */
  public void printJson(Object result) {
    println(StrictMapper.json().write(result));
  }
}
