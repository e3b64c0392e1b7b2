package dev.blindsight.camera.cli;

import dev.blindsight.camera.agent.DeviceSecretFile;
import dev.blindsight.camera.inference.Inference;
import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSource;
import dev.blindsight.camera.inference.ProviderChoice;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.readout.Readout;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code classify}: one readout or one picture. A picture is read as a camera would read an
 * exposure of it. The model is not tried in a process of its own first: a person is looking, and
 * sees a crash for what it is.
 */
@Command(
    name = "classify",
    description = "Classifies one readout, or one picture as a camera would see it.")
final class ClassifyCommand implements Callable<Integer> {
  private static final int TOP = 5;

  private final Console console;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description = "a model file (ONNX), or bundled for the one that comes with the program")
  private String model = "";

  @ArgGroup(multiplicity = "1")
  private final Input input = new Input();

  @Option(
      names = "--secret",
      paramLabel = "FILE",
      description = "the device secret, for --image with a model of a keyed readout spec")
  private @Nullable Path secret;

  @Option(
      names = "--provider",
      paramLabel = "P",
      defaultValue = "auto",
      description =
          "where the model runs: auto (a GPU that works, or the processor), cpu, cuda"
              + " (default: ${DEFAULT-VALUE})")
  private ProviderChoice provider = ProviderChoice.AUTO;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  /** What is classified: one of the two. */
  static final class Input {
    @Option(
        names = "--readout",
        paramLabel = "BYTES",
        description = "a file with the kept, permuted bytes in mask order")
    private @Nullable Path readout;

    @Option(
        names = "--image",
        paramLabel = "PICTURE",
        description = "a picture file of the spec's size")
    private @Nullable Path image;
  }

  ClassifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Model loaded = ModelSource.load(model, new InferenceSettings(1, false, provider))) {
      Inference inference =
          input.image == null ? inferReadout(loaded) : inferPicture(loaded, input.image);
      List<Candidate> labels = inference.classification().labels();
      List<Candidate> top = labels.subList(0, Math.min(TOP, labels.size()));
      if (json) {
        console.printJson(new ClassifyReport(list(inference.logits()), top));
      } else {
        top.forEach(candidate ->
            console.println(
                String.format(
                    Locale.ROOT,
                    "%5.1f %%  %s",
                    100 * candidate.probability(),
                    candidate.label())));
      }
      return 0;
    }
  }

  private Inference inferReadout(Model loaded) {
    Path file = input.readout;
    if (file == null) {
      throw new UserError("nothing to classify: give --readout or --image");
    }
    int length = loaded.card().inputLength();
    byte[] values = read(file, length);
    if (values.length != length) {
      throw new UserError(
          "%s: has %s bytes, model %s takes %d: give the readout of one exposure by spec %s"
              .formatted(
                  file,
                  values.length > length ? "more than " + length : String.valueOf(values.length),
                  loaded.id(),
                  length,
                  loaded.card().spec().abbreviated()));
    }
    return loaded.infer(values);
  }

  /** No more than one byte too many is read, however long the file. */
  private static byte[] read(Path file, int length) {
    try (InputStream content = Files.newInputStream(file)) {
      return content.readNBytes(length + 1);
    } catch (NoSuchFileException e) {
      throw new UserError("%s: no such file: check the path".formatted(file), e);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read: give a readable file".formatted(file), e);
    }
  }

  private Inference inferPicture(Model loaded, Path picture) {
    if (!Files.isRegularFile(picture)) {
      throw new UserError("%s: no picture file: check the path".formatted(picture));
    }
    SensorSource source =
        new SensorSource("simulated", picture.toAbsolutePath().toString(), new LinkedHashMap<>());
    try (DeviceSecretFile secrets = new DeviceSecretFile(secret);
        ReadoutSensor sensor = ReadoutSensors.open(source, loaded.spec(secrets), "classify");
        Readout readout = sensor.read().orElseThrow()) {
      return loaded.infer(readout);
    }
  }

  private static List<Float> list(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  /**
   * What the command prints.
   *
   * @param logits one for each label, in the order of the model card
   * @param top the five likeliest labels
   */
  record ClassifyReport(List<Float> logits, List<Candidate> top) {}
}
