package dev.blindsight.camera.cli;

import dev.blindsight.camera.agent.DeviceSecretFile;
import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSource;
import dev.blindsight.camera.inference.ProviderChoice;
import dev.blindsight.firmware.provision.ModelReadout;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.DeviceGrant.EpochKeys;
import dev.blindsight.protocol.seal.DeviceGrant.Translation;
import dev.blindsight.protocol.seal.GrantFile;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** {@code provision grant}: what workers need to answer a device. */
@Command(
    name = "grant",
    description = {
      "Writes what workers need to answer a device: the keys of its readouts and replies, and how"
          + " its readouts become those of a model. It holds neither the device's secret nor its"
          + " byte permutation."
    })
final class ProvisionGrantCommand implements Callable<Integer> {
  private static final int FIRST_EPOCH = 1;

  private final Console console;

  @Option(
      names = "--secret",
      required = true,
      paramLabel = "FILE",
      description = "the device secret, 64 hex digits or 32 bytes")
  private Path secretFile = Path.of("");

  @Option(names = "--site", required = true, paramLabel = "SITE", description = "the device's site")
  private String site = "";

  @Option(
      names = "--device",
      required = true,
      paramLabel = "DEVICE",
      description = "the device's name")
  private String device = "";

  @Option(
      names = "--epoch",
      paramLabel = "E",
      description =
          "a key epoch that is accepted, again for each (default: 1). To rotate keys, grant the old"
              + " and the new one, then set the device's, then grant the new one alone")
  private List<Integer> epochs = new ArrayList<>();

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "a model that is to answer the device, again for each; a table is made where its byte"
              + " permutation is not the device's")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--readout",
      paramLabel = "FILE",
      description =
          "what the device reads, as the readout of its configuration, YAML or JSON (default: what"
              + " the model was trained for, with the device's secret)")
  private @Nullable Path readout;

  @Option(
      names = "--model-secret",
      paramLabel = "FILE",
      description = "the secret a keyed model was trained with, where it is not the device's")
  private @Nullable Path modelSecret;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "the folder of grants; the file is DIR/SITE/DEVICE.json, and replaced")
  private Path folder = Path.of("");

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  ProvisionGrantCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (models.isEmpty() && (readout != null || modelSecret != null)) {
      throw new UserError(
          "%s has no use without a model: add --model MODEL, or leave it out"
              .formatted(readout == null ? "--model-secret" : "--readout"));
    }
    DeviceAddress address = new DeviceAddress(site, device);
    Path trainedWith = modelSecret == null ? secretFile : modelSecret;
    try (DeviceSecretFile own = new DeviceSecretFile(secretFile);
        DeviceSecretFile ofModels = new DeviceSecretFile(trainedWith)) {
      List<ModelReport> served = new ArrayList<>();
      List<Translation> translations = new ArrayList<>();
      for (String model : models) {
        ModelCard card = card(model);
        ReadoutSpec spec = definition(card).resolve(own);
        Optional<Translation> translation = new ModelReadout(card, ofModels).from(spec);
        translation.ifPresent(translations::add);
        served.add(new ModelReport(card.name(), spec.id(), translation.isPresent()));
      }
      DeviceSecret secret = own.apply(ReadoutSpecDefinition.OWN_SECRET);
      try (DeviceGrant grant = DeviceGrant.of(address, keys(secret, address), translations)) {
        Path file = GrantFile.write(folder, grant);
        report(new GrantReport(file.toString(), site, device, epochs(), served));
      }
    }
    return 0;
  }

  private static ModelCard card(String name) {
    try (Model model =
        ModelSource.load(name, new InferenceSettings(1, false, ProviderChoice.CPU))) {
      return model.card();
    }
  }

  private ReadoutSpecDefinition definition(ModelCard card) {
    // JSON is YAML too.
    return readout == null
        ? card.readout()
        : StrictMapper.over(YAMLMapper.builder()).read(readout, ReadoutSpecDefinition.class);
  }

  private List<Integer> epochs() {
    return epochs.isEmpty() ? List.of(FIRST_EPOCH) : epochs;
  }

  private List<EpochKeys> keys(DeviceSecret secret, DeviceAddress address) {
    return epochs().stream().map(epoch -> EpochKeys.derive(secret, address, epoch)).toList();
  }

  private void report(GrantReport report) {
    if (json) {
      console.printJson(report);
      return;
    }
    String epochNames =
        report.epochs().stream().map(String::valueOf).collect(Collectors.joining(", "));
    console.println("%s: epochs %s".formatted(report.file(), epochNames));
    for (ModelReport model : report.models()) {
      console.println(
          "%s: readouts by spec %s, %s"
              .formatted(
                  model.model(),
                  model.spec().abbreviated(),
                  model.translated() ? "translated by a table" : "as they are"));
    }
  }

  /**
   * What the command prints.
   *
   * @param file the grant
   * @param epochs whose keys it holds
   * @param models that can answer the device
   */
  record GrantReport(
      String file, String site, String device, List<Integer> epochs, List<ModelReport> models) {}

  /**
   * A model that can answer the device.
   *
   * @param spec the device's, when it reads for this model
   * @param translated whether by a table
   */
  record ModelReport(String model, SpecId spec, boolean translated) {}
}
