package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.GraphForm;
import dev.blindsight.protocol.model.Precision;
import dev.blindsight.trainer.onnx.Agreement;
import dev.blindsight.trainer.onnx.ExportSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a model is written: options of all commands that write one. */
final class GraphOptions {

  /**
   * Readouts to find scales from.
   *
   * @param readouts at least two
   * @param areReal whether a sensor or a dataset gave them: only then does it mean something which
   *     class comes first
   */
  record Calibration(List<byte[]> readouts, boolean areReal) {}

  @Option(
      names = "--precision",
      paramLabel = "fp32|int8",
      description =
          "Arithmetic of the model: fp32 (the default), or int8: faster, not quite equal.")
  private Precision precision = Precision.FP32;

  @Option(
      names = "--graph",
      paramLabel = "fast|naive",
      description = "fast (the default), or naive, operator by operator, to compare with.")
  private GraphForm form = GraphForm.FAST;

  @Option(
      names = "--calibration",
      paramLabel = "DIR",
      description = "For int8: a folder of readouts, one a file, to find the scales from.")
  private @Nullable Path calibration;

  @Option(
      names = "--least-cosine",
      paramLabel = "C",
      description =
          "For int8: refuse a model whose logits have a smaller cosine with fp32's on readouts held"
              + " back (default: ${DEFAULT-VALUE}).")
  private double leastCosine = ExportSettings.LEAST_COSINE;

  @Option(
      names = "--least-agreement",
      paramLabel = "SHARE",
      description =
          "For int8: refuse a model that names fp32's class first for a smaller share of readouts"
              + " held back (default: 0.9; on random readouts 0).")
  private @Nullable Double leastTopOne;

  /**
   * The settings that the options ask for.
   *
   * @param inputLength bytes of a readout
   * @param otherwise what to calibrate on when no folder is given; asked only for int8
   * @throws UserError when options do not go together or the folder is not of readouts
   */
  ExportSettings settings(int inputLength, Supplier<Calibration> otherwise) {
    if (precision != Precision.INT8) {
      if (calibration != null) {
        throw new UserError("--calibration is for --precision int8: give both or neither");
      }
      return ExportSettings.fp32(form);
    }
    Calibration readouts =
        calibration == null
            ? otherwise.get()
            : new Calibration(CalibrationFolder.read(calibration, inputLength), true);
    return new ExportSettings(
        form, precision, readouts.readouts(), leastCosine, leastTopOne(readouts.areReal()));
  }

  private double leastTopOne(boolean areReal) {
    if (leastTopOne != null) {
      return leastTopOne;
    }
    return areReal ? ExportSettings.LEAST_TOP_ONE : 0;
  }

  /** What to add to a line about an export. */
  static String toText(@Nullable Agreement agreement) {
    return agreement == null
        ? ""
        : String.format(
            Locale.ROOT,
            "; int8 against fp32 over %d readouts held back: cosine %.5f, same class first %.2f %%",
            agreement.readouts(),
            agreement.cosine(),
            100 * agreement.topOne());
  }
}
