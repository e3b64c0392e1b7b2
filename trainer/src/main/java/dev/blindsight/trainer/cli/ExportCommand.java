package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.trainer.data.DatasetReader;
import dev.blindsight.trainer.data.Pictures;
import dev.blindsight.trainer.onnx.Agreement;
import dev.blindsight.trainer.onnx.ExportReport;
import dev.blindsight.trainer.onnx.ExportSettings;
import dev.blindsight.trainer.onnx.OnnxExport;
import dev.blindsight.trainer.recipe.Recipe;
import dev.blindsight.trainer.train.RunFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      names = "--set",
      paramLabel = "KEY=VALUE",
      arity = "1",
      description = "Overrides one field of the run's recipe, as dataset.root=FOLDER. Repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Mixin private GraphOptions graph = new GraphOptions();

  @Mixin private SecretOption secret = new SecretOption();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    RunFolder folder = RunFolder.open(run);
    ModelCard card = folder.card();
    Recipe recipe = folder.recipe(overrides);
    List<byte[]> readouts = readouts(recipe, card);
    ExportSettings settings = graph.settings(card.inputLength(), () -> calibration(recipe, card));
    ExportReport report = OnnxExport.write(card, folder.weights(), settings, readouts, out);
    command.commandLine().getOut().println(json ? toJson(report) : toText(report));
    return 0;
  }

  /** What the model is compared on: readouts of test pictures, or random ones without them. */
  private List<byte[]> readouts(Recipe recipe, ModelCard card) {
    List<byte[]> random = CheckReadouts.random(card, recipe.seed());
    try {
      ReadoutSpec spec = secret.resolve(card.readout());
      return spread(new DatasetReader(recipe).test(), spec, random.size());
    } catch (UserError e) {
      remark("compares on random readouts, for test pictures cannot be read: " + e.getMessage());
      return random;
    }
  }

  /** What the scales are found from: readouts of training pictures, or random ones. */
  private GraphOptions.Calibration calibration(Recipe recipe, ModelCard card) {
    int count = CheckReadouts.calibrationCount(card);
    try {
      ReadoutSpec spec = secret.resolve(card.readout());
      Pictures pictures = new DatasetReader(recipe).learning().train();
      return new GraphOptions.Calibration(spread(pictures, spec, count), true);
    } catch (UserError e) {
      remark(
          "calibrates on random readouts, for training pictures cannot be read: " + e.getMessage());
      return new GraphOptions.Calibration(CheckReadouts.random(card, count, recipe.seed()), false);
    }
  }

  /** Spread over the whole split, which may be sorted by class. */
  private static List<byte[]> spread(Pictures pictures, ReadoutSpec spec, int count) {
    List<byte[]> readouts = new ArrayList<>();
    int taken = Math.min(count, pictures.size());
    for (int i = 0; i < taken; i++) {
      int picture = Math.toIntExact((long) i * pictures.size() / taken);
      readouts.add(spec.acquire(pictures.exposure(picture)));
    }
    return readouts;
  }

  private void remark(String text) {
    PrintWriter err = command.commandLine().getErr();
    err.println(text);
    err.flush();
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
                report.agreement(),
                report.spec().hex()));
  }

  private String toText(ExportReport report) {
    return String.format(
        Locale.ROOT,
        "%s: %,d bytes, %,d parameters; logits differ by at most %.2g from the trained network's"
            + " over %d readouts%s",
        out,
        report.bytes(),
        report.parameters(),
        report.maximumDifference(),
        report.readouts(),
        GraphOptions.toText(report.agreement()));
  }

  /**
   * What the command prints as JSON.
   *
   * @param out the model file
   * @param bytes its size
   * @param parameters of the network
   * @param maxAbsDifference the largest absolute difference of a logit from the trained network's
   * @param readouts how many were compared
   * @param agreement of an int8 model with the same network in floats; null for fp32
   * @param spec id of the readout spec, 64 hex digits
   */
  record Result(
      String out,
      long bytes,
      long parameters,
      double maxAbsDifference,
      int readouts,
      @Nullable Agreement agreement,
      String spec) {}
}
