package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.model.GraphForm;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.trainer.data.DatasetReader;
import dev.blindsight.trainer.data.Pictures;
import dev.blindsight.trainer.onnx.ExportReport;
import dev.blindsight.trainer.onnx.OnnxExport;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.train.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the model of a finished training as an ONNX file. */
@Command(
    name = "export",
    description = "Writes a trained model as an ONNX file, after checking its answers.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  /** Multiplications that the check may cost the plain-Java network: a few seconds. */
  private static final long CHECK_BUDGET = 2_000_000_000L;

  private static final int MOST_READOUTS = 64;

  @Spec private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--run",
      required = true,
      paramLabel = "DIR",
      description = "The folder of a finished training.")
  private Path run = Path.of("");

  @Option(names = "--out", required = true, paramLabel = "M.onnx", description = "The model file.")
  private Path out = Path.of("");

  @Option(
      names = "--precision",
      paramLabel = "fp32|int8",
      description = "Arithmetic of the model: fp32 (the default).")
  private String precision = "fp32";

  @Option(
      names = "--graph",
      paramLabel = "fast|naive",
      description = "fast (the default), or naive, operator by operator, to compare with.")
  private GraphForm graph = GraphForm.FAST;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      arity = "1",
      description = "Overrides one field of the run's recipe, as dataset.root=FOLDER. Repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Mixin private SecretOption secret = new SecretOption();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    requireSupportedPrecision();
    RunFolder folder = RunFolder.open(run);
    ModelCard card = folder.card();
    List<byte[]> readouts = readouts(folder.recipe(overrides), card);
    ExportReport report = OnnxExport.write(card, folder.weights(), graph, readouts, out);
    command.commandLine().getOut().println(json ? toJson(report) : toText(report));
    return 0;
  }

  private void requireSupportedPrecision() {
    switch (precision.toLowerCase(Locale.ROOT)) {
      case "fp32" -> {}
      case "int8" ->
          throw new UserError("--precision int8 is not available in this version: give fp32");
      default -> throw new UserError("--precision %s is unknown: give fp32".formatted(precision));
    }
  }

  /** What the model is compared on: readouts of test pictures, or random ones without them. */
  private List<byte[]> readouts(Recipe recipe, ModelCard card) {
    long cost = card.architecture().multiplyAdds(card.inputLength());
    int count = Math.clamp(CHECK_BUDGET / cost, 1, MOST_READOUTS);
    try {
      ReadoutSpec spec = secret.resolve(card.readout());
      return testReadouts(new DatasetReader(recipe).test(), spec, count);
    } catch (UserError e) {
      PrintWriter err = command.commandLine().getErr();
      err.println(
          "compares on random readouts, for test pictures cannot be read: " + e.getMessage());
      err.flush();
      return randomReadouts(recipe.seed(), card.inputLength(), count);
    }
  }

  /** Spread over the whole split, which may be sorted by class. */
  private static List<byte[]> testReadouts(Pictures pictures, ReadoutSpec spec, int count) {
    List<byte[]> readouts = new ArrayList<>();
    int compared = Math.min(count, pictures.size());
    for (int i = 0; i < compared; i++) {
      int picture = Math.toIntExact((long) i * pictures.size() / compared);
      readouts.add(spec.acquire(pictures.exposure(picture)));
    }
    return readouts;
  }

  private static List<byte[]> randomReadouts(long seed, int length, int count) {
    Random random = new Random(seed);
    List<byte[]> readouts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] readout = new byte[length];
      random.nextBytes(readout);
      readouts.add(readout);
    }
    return readouts;
  }

  private String toJson(ExportReport report) {
    return StrictMapper.json()
        .write(
            new Result(
                out.toString(),
                report.bytes(),
                report.parameters(),
                report.maximumDifference(),
                report.readouts(),
                report.spec().hex()));
  }

  private String toText(ExportReport report) {
    return String.format(
        Locale.ROOT,
        "%s: %,d bytes, %,d parameters; logits differ by at most %.2g from the trained network's"
            + " over %d readouts",
        out,
        report.bytes(),
        report.parameters(),
        report.maximumDifference(),
        report.readouts());
  }

  /**
   * What the command prints as JSON.
   *
   * @param out the model file
   * @param bytes its size
   * @param parameters of the network
   * @param maxAbsDifference the largest absolute difference of a logit from the trained network's
   * @param readouts how many were compared
   * @param spec id of the readout spec, 64 hex digits
   */
  record Result(
      String out,
      long bytes,
      long parameters,
      double maxAbsDifference,
      int readouts,
      String spec) {}
}
