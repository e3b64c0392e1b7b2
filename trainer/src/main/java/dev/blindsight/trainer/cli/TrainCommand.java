package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.train.Trainer;
import dev.blindsight.trainer.train.TrainingProfile;
import dev.blindsight.trainer.train.TrainingResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a model by a recipe. */
@Command(
    name = "train",
    description = "Trains a model by a recipe and measures it on the test split.",
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  private static final int LONGEST_PROFILE = 3600;

  @Spec private CommandSpec command = CommandSpec.create();
  @Mixin private RecipeOptions recipeOptions = new RecipeOptions();

  @ArgGroup(multiplicity = "1")
  private Purpose purpose = new Purpose();

  @Option(names = "--resume", description = "Go on after the last whole epoch in the run folder.")
  private boolean resume;

  @Option(names = "--json", description = "Print the result as one JSON object.")
  private boolean json;

  /** What the command is for: a model, or figures about making one. */
  private static final class Purpose {
    @Option(
        names = "--out",
        paramLabel = "DIR",
        description = "The run folder, which gets recipe, metrics, checkpoint, weights and card.")
    private @Nullable Path out;

    @Option(
        names = "--profile",
        paramLabel = "SECONDS",
        description =
            "Measure the speed of samples and of steps, alone and together, and write nothing.")
    private double profileSeconds;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Recipe recipe = recipeOptions.read();
    ReadoutSpec spec = recipeOptions.resolve(recipe.readout());
    PrintWriter err = command.commandLine().getErr();
    ConsoleProgress progress = new ConsoleProgress(err);
    Trainer trainer = new Trainer(recipe, spec, TrainerVersion.text(), evaluation(), progress);
    Path out = purpose.out;
    if (out == null) {
      print(trainer.profile(requirePositive(purpose.profileSeconds)));
      return ExitCode.OK;
    }
    // Around the printing too: the process must not end before its last words.
    try (StopOnSignal _ = new StopOnSignal(trainer::stop)) {
      try {
        print(out, train(trainer, progress, out));
        return ExitCode.OK;
      } catch (CancellationException stopped) {
        err.println("blindsight: " + stopped.getMessage());
        return ExitCode.SOFTWARE;
      }
    }
  }

  private TrainingResult train(Trainer trainer, ConsoleProgress progress, Path out)
      throws IOException, InterruptedException {
    try (progress) {
      return resume ? trainer.resume(out) : trainer.train(out);
    }
  }

  private static double requirePositive(double seconds) {
    if (!(seconds > 0 && seconds <= LONGEST_PROFILE)) {
      throw new UserError(
          "--profile is %s: give seconds greater than 0, at most %d"
              .formatted(seconds, LONGEST_PROFILE));
    }
    return seconds;
  }

  private void print(TrainingProfile profile) {
    PrintWriter stdout = command.commandLine().getOut();
    stdout.println(json ? StrictMapper.json().write(profile) : profile.toText());
  }

  private void print(Path out, TrainingResult result) {
    PrintWriter stdout = command.commandLine().getOut();
    if (!json) {
      stdout.println(result.test().toText().stripTrailing());
      return;
    }
    SequencedMap<String, Object> line = new LinkedHashMap<>();
    line.put("run", out.toString());
    line.put("name", result.card().name());
    line.put("spec", result.card().spec());
    line.put("epochs", result.card().training().epochs());
    line.put("steps", result.steps());
    line.put("seconds", result.seconds());
    line.put("accuracy", result.test().accuracy());
    line.put("pictures", result.test().pictures());
    line.put("correct", result.test().correct());
    stdout.println(StrictMapper.json().write(line));
  }

  private String evaluation() {
    return "./blindsight evaluate --model MODEL.onnx --recipe " + recipeOptions.shownPath();
  }
}
