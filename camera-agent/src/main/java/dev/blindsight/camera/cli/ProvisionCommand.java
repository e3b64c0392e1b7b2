package dev.blindsight.camera.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code provision}: what a device and its workers are given before they meet. */
@Command(
    name = "provision",
    description = "Makes what a device and its workers are given before they meet.",
    synopsisSubcommandLabel = "COMMAND")
final class ProvisionCommand implements Callable<Integer> {
  private static final int BAD_INPUT = 2;

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  ProvisionCommand(Console console) {
    this.console = console;
  }

  /** Without a command there is nothing to do but to say which ones there are. */
  @Override
  public Integer call() {
    spec.commandLine().usage(console.err());
    return BAD_INPUT;
  }
}
