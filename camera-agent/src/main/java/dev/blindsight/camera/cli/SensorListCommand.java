package dev.blindsight.camera.cli;

import dev.blindsight.camera.sensor.ReadoutSensorProvider;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorKind;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sensor list}: the kinds of sensors, the strongest guarantee first. */
@Command(
    name = "list",
    description = "The kinds of sensors, and where on this machine there may be one.")
final class SensorListCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--json", description = "print one JSON object a kind")
  private boolean json;

  /**
   * A kind of sensor.
   *
   * @param present where there may be one here
   */
  private record Line(
      String name,
      GuaranteeLevel guarantee,
      String description,
      String example,
      List<String> present) {}

  SensorListCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Line> lines =
        ReadoutSensors.providers().stream()
            .map(SensorListCommand::line)
            .sorted(Comparator.comparing(Line::guarantee).thenComparing(Line::name))
            .toList();
    if (json) {
      lines.forEach(console::printJson);
      return 0;
    }
    for (Line line : lines) {
      console.println(
          String.format(
              Locale.ROOT,
              "%-10s %-15s %s",
              line.name(),
              line.guarantee().name().toLowerCase(Locale.ROOT),
              line.description()));
      console.println("           %s".formatted(line.example()));
      if (!line.present().isEmpty()) {
        console.println("           here: %s".formatted(String.join(", ", line.present())));
      }
    }
    return 0;
  }

  private static Line line(ReadoutSensorProvider provider) {
    SensorKind kind = provider.kind();
    return new Line(
        kind.name(), kind.guarantee(), kind.description(), kind.example(), provider.present());
  }
}
