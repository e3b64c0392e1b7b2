package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.Training;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.trainer.corenet.CoreNetConfiguration;
import dev.blindsight.trainer.corenet.ImportedNetwork;
import dev.blindsight.trainer.corenet.NetworkOptions;
import dev.blindsight.trainer.corenet.TorchCheckpoint;
import dev.blindsight.trainer.corenet.WeightSet;
import dev.blindsight.trainer.onnx.Agreement;
import dev.blindsight.trainer.onnx.ExportReport;
import dev.blindsight.trainer.onnx.ExportSettings;
import dev.blindsight.trainer.onnx.OnnxExport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Turns a checkpoint of CoreNet into an ONNX file. */
@Command(
    name = "import-corenet",
    description =
        "Writes a ByteFormer checkpoint of CoreNet as an ONNX file, after checking its answers."
            + " Nothing in the checkpoint is run.",
    mixinStandardHelpOptions = true)
final class ImportCorenetCommand implements Callable<Integer> {
  private static final int LONGEST_MODEL_NAME = 128;

  @Spec private CommandSpec command = CommandSpec.create();

  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "F.pt",
      description = "The file that torch.save wrote.")
  private Path checkpoint = Path.of("");

  @Option(
      names = "--corenet-config",
      paramLabel = "F.yaml",
      description = "CoreNet's configuration of the checkpoint: tells heads, windows and readout.")
  private @Nullable Path configurationFile;

  @Option(
      names = "--weights",
      paramLabel = "model|ema",
      description = "Which weights of a full training checkpoint: model (the default), or ema.")
  private @Nullable WeightSet weightSet;

  @Option(names = "--heads", paramLabel = "H", description = "Attention heads.")
  private @Nullable Integer heads;

  @Option(names = "--window", paramLabel = "W", description = "Tokens in an attention window.")
  private @Nullable Integer window;

  @Option(
      names = "--shifts",
      paramLabel = "a,b,…",
      split = ",",
      description = "How far each layer's windows are shifted: 0,W/2,0,W/2,… without a YAML.")
  private @Nullable List<Integer> shifts;

  @Option(
      names = "--length",
      paramLabel = "N",
      description = "Bytes in a readout; may be left out where the YAML tells it.")
  private @Nullable Integer length;

  @Option(
      names = "--pad-to",
      paramLabel = "M",
      description = "Pad readouts to this length, as CoreNet pads to the longest of a batch.")
  private @Nullable Integer paddedLength;

  @Option(
      names = "--labels",
      paramLabel = "F",
      description = "The classes' names, one a line in UTF-8; without it class 0, class 1, …")
  private @Nullable Path labelsFile;

  @Mixin private GraphOptions graph = new GraphOptions();

  @Option(names = "--out", required = true, paramLabel = "M.onnx", description = "The model file.")
  private Path out = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    CoreNetConfiguration configuration =
        configurationFile == null ? null : CoreNetConfiguration.read(configurationFile);
    ImportedNetwork network =
        ImportedNetwork.of(
            TorchCheckpoint.read(checkpoint, Optional.ofNullable(weightSet)),
            checkpoint.toString(),
            new NetworkOptions(heads, window, shifts),
            configuration,
            length,
            paddedLength,
            this::remark);
    ModelCard card = card(network, configuration);
    List<byte[]> readouts = CheckReadouts.random(card, 0);
    ExportSettings settings = graph.settings(card.inputLength(), () -> calibration(card));
    ExportReport report = OnnxExport.write(card, network.weights(), settings, readouts, out);
    command.commandLine().getOut().println(json ? toJson(card, report) : toText(card, report));
    return 0;
  }

  private GraphOptions.Calibration calibration(ModelCard card) {
    remark(
        "int8 is calibrated on random bytes: give --calibration a folder of real readouts for a"
            + " model that is used");
    return new GraphOptions.Calibration(
        CheckReadouts.random(card, CheckReadouts.calibrationCount(card), 1), false);
  }

  private void remark(String text) {
    PrintWriter err = command.commandLine().getErr();
    err.println("blindsight: " + text);
    err.flush();
  }

  private ModelCard card(ImportedNetwork network, @Nullable CoreNetConfiguration configuration)
      throws IOException {
    ReadoutSpec spec =
        network
            .readout()
            .resolve(name -> {
              throw new IllegalStateException("CoreNet has no secrets: " + name);
            });
    String file = fileName();
    Optional<String> dataset =
        configuration == null ? Optional.empty() : configuration.text("dataset.name");
    Training training =
        new Training(
            file,
            FileDigest.sha256(checkpoint),
            dataset.orElse("unknown"),
            0,
            0,
            "CoreNet, imported by Blindsight " + TrainerVersion.text());
    return new ModelCard(
        ModelCard.VERSION,
        modelName(file),
        spec.id(),
        network.readout(),
        network.readout().length(),
        network.paddedLength(),
        LabelsFile.read(labelsFile, network.architecture().classes()),
        network.architecture(),
        training,
        List.of(),
        null);
  }

  private String fileName() {
    Path name = checkpoint.getFileName();
    return name == null ? checkpoint.toString() : name.toString();
  }

  private static String modelName(String file) {
    String name = file.replaceFirst("\\.(pt|pth|bin)$", "");
    return name.substring(0, Math.min(name.length(), LONGEST_MODEL_NAME));
  }

  private String toJson(ModelCard card, ExportReport report) {
    return StrictMapper.json()
        .write(
            new Result(
                out.toString(),
                report.bytes(),
                report.parameters(),
                report.maximumDifference(),
                report.readouts(),
                report.agreement(),
                report.spec().hex(),
                card.inputLength(),
                card.paddedLength(),
                card.training().recipeSha256()));
  }

  private String toText(ModelCard card, ExportReport report) {
    return String.format(
        Locale.ROOT,
        "%s: %,d bytes, %,d parameters, readouts of %,d bytes%s; logits differ by at most %.2g from"
            + " the checkpoint's over %d random readouts%s",
        out,
        report.bytes(),
        report.parameters(),
        card.inputLength(),
        card.paddedLength() == null ? "" : " padded to %,d".formatted(card.paddedLength()),
        report.maximumDifference(),
        report.readouts(),
        GraphOptions.toText(report.agreement()));
  }

  /**
   * What the command prints as JSON.
   *
   * @param out the model file
   * @param bytes its size
   * @param parameters of the network, without positions that no readout reaches
   * @param maxAbsDifference the largest absolute difference of a logit from what the checkpoint's
   *     network gives in plain Java
   * @param readouts how many were compared
   * @param agreement of an int8 model with the same network in floats; null for fp32
   * @param spec id of the readout spec, 64 hex digits
   * @param length bytes of a readout
   * @param paddedLength to how many tokens it is padded, if at all
   * @param checkpointSha256 SHA-256 of the checkpoint, 64 hex digits
   */
  record Result(
      String out,
      long bytes,
      long parameters,
      double maxAbsDifference,
      int readouts,
      @Nullable Agreement agreement,
      String spec,
      int length,
      @Nullable Integer paddedLength,
      String checkpointSha256) {}
}
