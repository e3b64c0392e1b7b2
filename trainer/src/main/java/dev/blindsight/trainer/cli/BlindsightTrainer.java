package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/**
 * The trainer's command line. Results go to standard output, everything else to standard error;
 * exit codes are 0 for success, 2 for a mistake in what was given, 1 for any other failure.
 */
@Command(
    name = "blindsight",
    description = "Trains and measures models for masked readouts.",
    mixinStandardHelpOptions = true,
    versionProvider = TrainerVersion.class,
    subcommands = {
      TrainCommand.class,
      EvaluateCommand.class,
      ExportCommand.class,
      ImportCorenetCommand.class
    })
public final class BlindsightTrainer {

  private BlindsightTrainer() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new BlindsightTrainer());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, _) -> report(failure, command));
    line.setParameterExceptionHandler((mistake, _) -> {
      PrintWriter err = mistake.getCommandLine().getErr();
      err.println(oneLine(mistake) + " (see --help)");
      return ExitCode.USAGE;
    });
    return line;
  }

  private static int report(Exception failure, CommandLine command) {
    command.getErr().println(oneLine(failure));
    return failure instanceof UserError ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }

  private static String oneLine(Exception failure) {
    String message = failure.getMessage();
    String text = message == null || message.isBlank() ? failure.getClass().getName() : message;
    String first = text.lines().findFirst().orElse(text).strip();
    return "blindsight: " + first;
  }
}
