package dev.blindsight.camera.cli;

import dev.blindsight.camera.inference.InferenceException;
import dev.blindsight.camera.inference.ProviderChoice;
import dev.blindsight.camera.soak.BrokerKind;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.NearestWord;
import dev.blindsight.protocol.readout.MaskScheme;
import dev.blindsight.protocol.readout.PermutationScheme;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The command line of the camera agent.
 *
 * <p>Exit codes: 0 success; 2 wrong usage or bad input, with one line that says what, where and how
 * to mend it; 1 any other failure, with one line.
 */
@Command(
    name = "blindsight",
    description = "A camera that recognises without forming a picture.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionFromManifest.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Blindsight implements Callable<Integer> {
  private static final int FAILURE = 1;
  private static final int BAD_INPUT = 2;

  private final CommandLine line = new CommandLine(this);
  private final Console console;

  private Blindsight(Console console) {
    this.console = console;
    add(new MaskCommand(console));
    add(new PermutationCommand(console));
    add(new ClassifyCommand(console));
    add(new BenchCommand(console));
    add(new BenchWorkerCommand(console));
    add(new AgentCommand(console));
    add(new WorkerCommand(console));
    add(new BrokerCommand(console));
    add(new DemoCommand(console));
    add(
        new ProvisionCommand(console),
        new ProvisionSecretCommand(console),
        new ProvisionGrantCommand(console));
    add(
        new SensorCommand(console),
        new SensorListCommand(console),
        new SensorCheckCommand(console));
    add(new SoakCommand(console));
    line.setOut(console.out())
        .setErr(console.err())
        .registerConverter(MaskScheme.class, new LowerCaseConverter<>(MaskScheme.class))
        .registerConverter(ProviderChoice.class, new LowerCaseConverter<>(ProviderChoice.class))
        .registerConverter(BrokerKind.class, new LowerCaseConverter<>(BrokerKind.class))
        .registerConverter(
            PermutationScheme.class, new LowerCaseConverter<>(PermutationScheme.class))
        .setParameterExceptionHandler((e, _) -> badUsage(e))
        .setExecutionExceptionHandler((e, failed, _) -> failure(e, failed));
  }

  /** Runs a command and exits with its code. */
  public static void main(String[] arguments) {
    System.exit(run(Console.standard(), arguments));
  }

  /**
   * Runs a command.
   *
   * @return the exit code
   */
  public static int run(Console console, String... arguments) {
    try {
      return new Blindsight(console).line.execute(arguments);
    } catch (OutOfMemoryError e) {
      console
          .err()
          .println("blindsight: out of memory: ask for less, or set JAVA_TOOL_OPTIONS=-Xmx4g");
      return FAILURE;
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  /** Without a command there is nothing to do but to say which ones there are. */
  @Override
  public Integer call() {
    line.usage(console.err());
    return BAD_INPUT;
  }

  private void add(Object command, Object... subcommands) {
    CommandLine group = withStandardOptions(command);
    for (Object subcommand : subcommands) {
      group.addSubcommand(withStandardOptions(subcommand));
    }
    line.addSubcommand(group);
  }

  private static CommandLine withStandardOptions(Object command) {
    CommandLine options = new CommandLine(command);
    options.getCommandSpec().mixinStandardHelpOptions(true);
    options.getCommandSpec().versionProvider(new VersionFromManifest());
    return options;
  }

  private int badUsage(ParameterException e) {
    CommandLine failed = e.getCommandLine();
    String name = failed.getCommandSpec().qualifiedName();
    String problem = misspelt(failed).orElseGet(() -> oneLine(String.valueOf(e.getMessage())));
    say("%s: %s (see %s --help)".formatted(name, problem, name));
    return BAD_INPUT;
  }

  /** What is unknown, with the nearest known word; it is also why a required option is missing. */
  private static Optional<String> misspelt(CommandLine failed) {
    return failed.getUnmatchedArguments().stream()
        .findFirst()
        .map(word -> {
          Set<String> known =
              word.startsWith("-")
                  ? failed.getCommandSpec().optionsMap().keySet()
                  : failed.getSubcommands().keySet();
          return known.isEmpty()
              ? "%s is not expected here: remove it".formatted(oneLine(word))
              : "%s is unknown: did you mean %s?"
                  .formatted(oneLine(word), NearestWord.to(word, known));
        });
  }

  private int failure(Exception e, CommandLine failed) {
    String name = failed.getCommandSpec().qualifiedName();
    if (e instanceof UserError error) {
      say(name + ": " + oneLine(error.getMessage()));
      return BAD_INPUT;
    }
    if (e instanceof InferenceException error) {
      say(name + ": " + oneLine(error.getMessage()));
      return FAILURE;
    }
    say("%s: failed: %s".formatted(name, oneLine(e.toString())));
    return FAILURE;
  }

  private void say(String line) {
    console.err().println(line);
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ");
  }
}
