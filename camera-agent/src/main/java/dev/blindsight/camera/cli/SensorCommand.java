package dev.blindsight.camera.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sensor}: what there is to look with. */
@Command(
    name = "sensor",
    description = "Lists the kinds of sensors, and checks one at work.",
    synopsisSubcommandLabel = "COMMAND")
final class SensorCommand implements Callable<Integer> {
  private static final int BAD_INPUT = 2;

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  SensorCommand(Console console) {
    this.console = console;
  }

  /** Without a command there is nothing to do but to say which ones there are. */
  @Override
  public Integer call() {
    spec.commandLine().usage(console.err());
    return BAD_INPUT;
  }
}
