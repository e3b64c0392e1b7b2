package dev.blindsight.camera.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A report as aligned text for people. */
public final class BenchTable {
  private static final List<String> HEADINGS =
      List.of(
          "model",
          "graph",
          "precision",
          "median ms",
          "p99 ms",
          "readouts/s",
          "GFLOP/s",
          "of peak",
          "ratio",
          "noise",
          "RSS MB",
          "load ms");
  // The first columns are words and stand to the left, the others are numbers.
  private static final int WORDS = 3;

  private BenchTable() {}

  /** The lines of the table: headings, one for each model, what it was measured against. */
  public static List<String> lines(BenchReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADINGS);
    report.results().forEach(result -> rows.add(row(result)));
    List<Integer> widths =
        IntStream.range(0, HEADINGS.size())
            .mapToObj(column ->
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow())
            .toList();
    List<String> lines = new ArrayList<>();
    rows.forEach(row -> lines.add(aligned(row, widths)));
    lines.add(conditions(report));
    lines.add(verdict(report));
    return lines;
  }

  /** One line that says how noisy the run was. */
  public static String verdict(BenchReport report) {
    BenchResult first = report.results().getFirst();
    Double others = first.othersShare();
    return format(
        "noise (quartile distance / median of the blocks): baseline %.1f %%, GEMM peak %.1f %%%s:"
            + " %s",
        100 * report.baselineNoise(),
        100 * first.gemmPeakNoise(),
        others == null
            ? ""
            : format("; other processes had %.0f %% of the processors", 100 * others),
        report.trust().words());
  }

  private static String conditions(BenchReport report) {
    BenchResult first = report.results().getFirst();
    return format(
        "GEMM peak %.1f GFLOP/s (%s) · threads %d · workers %d · batch %d · rounds %d",
        first.gemmPeakGflops(),
        report.gemm(),
        first.threads(),
        first.workers(),
        first.batch(),
        first.rounds());
  }

  private static List<String> row(BenchResult result) {
    return List.of(
        result.model(),
        result.variant(),
        result.precision(),
        format("%.3f", result.medianMs()),
        format("%.3f", result.p99Ms()),
        format("%.1f", result.readoutsPerSecond()),
        format("%.1f", result.gflops()),
        format("%.1f %%", 100 * result.gemmPeakShare()),
        format("%.3f", result.ratioToBaseline()),
        format("%.1f %%", 100 * result.noise()),
        optional(result.rssMb()),
        optional(result.loadMs()));
  }

  private static String optional(@Nullable Double value) {
    return value == null ? "-" : format("%.0f", value);
  }

  private static String aligned(List<String> row, List<Integer> widths) {
    return IntStream.range(0, row.size())
        .mapToObj(column -> {
          String blank = " ".repeat(widths.get(column) - row.get(column).length());
          return column < WORDS ? row.get(column) + blank : blank + row.get(column);
        })
        .collect(Collectors.joining("  "));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
