package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.GrantFile;
import dev.blindsight.protocol.seal.TranslationTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvisionCommandTest {
  private static final SensorGeometry GREY_28 = new SensorGeometry(28, 28, 1);
  private static final String OWN_PERMUTATION =
      """
      geometry: {width: 28, height: 28, channels: 1}
      mask: {scheme: corenet, keep: 0.1}
      permutation: {scheme: keyed}
      """;

  @TempDir Path directory;
  private Path secret;

  @BeforeEach
  void makeSecret() {
    secret = secret("secret");
  }

  private Path secret(String name) {
    Path file = directory.resolve(name);
    CommandLineRun run = CommandLineRun.of("provision", "secret", "--out", file.toString());
    assertThat(run.exitCode()).isZero();
    return file;
  }

  private Path model(String name, ReadoutSpec spec) throws IOException {
    return Files.write(directory.resolve(name + ".onnx"), LinearModel.of(name, spec).bytes());
  }

  private CommandLineRun grant(String... options) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "provision",
                "grant",
                "--secret",
                secret.toString(),
                "--site",
                "home",
                "--device",
                "hall",
                "--out",
                directory.resolve("devices").toString()));
    line.addAll(List.of(options));
    return CommandLineRun.of(line.toArray(String[]::new));
  }

  private DeviceGrant granted() {
    return GrantFile.read(directory.resolve("devices/home/hall.json"));
  }

  @Test
  void secret_newFile_holdsASecretForItsOwnerOnly() throws IOException {
    assertThat(Files.readString(secret)).matches("[0-9a-f]{64}\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(secret("other"))).isNotEqualTo(Files.readString(secret));
  }

  @Test
  void secret_existingFile_isNeverOverwritten() throws IOException {
    String before = Files.readString(secret);

    CommandLineRun run = CommandLineRun.of("provision", "secret", "--out", secret.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("exists: give the name of a new file").hasLineCount(1);
    assertThat(Files.readString(secret)).isEqualTo(before);
  }

  @Test
  void provision_withoutACommand_saysWhichThereAre() {
    CommandLineRun run = CommandLineRun.of("provision");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("secret", "grant");
  }

  @Test
  void grant_severalEpochs_holdsTheKeysOfEachAndNotTheSecret() throws IOException {
    CommandLineRun run = grant("--epoch", "3", "--epoch", "4");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("hall.json: epochs 3, 4");
    assertThat(granted().keys(3)).isPresent();
    assertThat(granted().keys(4)).isPresent();
    assertThat(granted().keys(1)).isEmpty();
    assertThat(Files.readString(directory.resolve("devices/home/hall.json")))
        .doesNotContain(Files.readString(secret).strip());
  }

  @Test
  void grant_modelOfTheDevicesSpec_needsNoTable() throws IOException {
    Path model = model("m", LinearModel.spec28());

    CommandLineRun run = grant("--model", model.toString(), "--json");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("\"epochs\":[1]")
        .contains(
            "{\"model\":\"m\",\"spec\":\"%s\",\"translated\":false}"
                .formatted(LinearModel.spec28().id()))
        .hasLineCount(1);
    assertThat(granted().translations()).isEmpty();
  }

  @Test
  void grant_ownPermutationAndPublishedModel_translatesWhatTheDeviceReads() throws IOException {
    Path model = model("m", LinearModel.spec28());
    Path readout = Files.writeString(directory.resolve("readout.yaml"), OWN_PERMUTATION);

    CommandLineRun run = grant("--model", model.toString(), "--readout", readout.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("m: readouts by spec", "translated by a table");
    try (DeviceSecret own = DeviceSecret.read(secret)) {
      ReadoutSpec device = ownPermutation().resolve(_ -> own);
      byte[] values = device.acquire(channel -> channel * 7);
      table("m", device).apply(values);
      assertThat(values).isEqualTo(LinearModel.spec28().acquire(channel -> channel * 7));
    }
  }

  @Test
  void grant_modelKeyedByAnotherSecret_isTranslatedWhenThatIsGiven() throws IOException {
    Path fleet = secret("fleet");
    ReadoutSpec trained;
    try (DeviceSecret secret = DeviceSecret.read(fleet)) {
      trained = ownPermutation().resolve(_ -> secret);
    }
    Path model = model("m", trained);

    CommandLineRun without = grant("--model", model.toString());
    CommandLineRun with = grant("--model", model.toString(), "--model-secret", fleet.toString());

    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err()).contains("model m", "--model-secret").hasLineCount(1);
    assertThat(with.err()).isEmpty();
    try (DeviceSecret own = DeviceSecret.read(secret)) {
      ReadoutSpec device = ownPermutation().resolve(_ -> own);
      assertThat(table("m", device))
          .isEqualTo(TranslationTable.between(BytePermutation.keyed(own), trained.permutation()));
    }
  }

  @Test
  void grant_modelOfAnotherMask_isRefusedAndWritesNothing() throws IOException {
    Path fleet = secret("fleet");
    ReadoutSpec trained;
    try (DeviceSecret secret = DeviceSecret.read(fleet)) {
      trained = ReadoutSpec.keyed(GREY_28, 0.1, secret);
    }
    Path model = model("m", trained);

    CommandLineRun run = grant("--model", model.toString(), "--model-secret", fleet.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("model m: keeps other channels than the device", "train or bind")
        .hasLineCount(1);
    assertThat(directory.resolve("devices")).doesNotExist();
  }

  @Test
  void grant_epochOutOfRangeOrOptionWithoutAModel_isOneClearLine() {
    assertThat(grant("--epoch", "0").err()).contains("epoch is 0: give 1 or more").hasLineCount(1);
    assertThat(grant("--epoch", "2", "--epoch", "2").err()).contains("epoch 2 is there twice");
    assertThat(grant("--readout", "x.yaml").err())
        .contains("--readout has no use without a model")
        .hasLineCount(1);
    assertThat(directory.resolve("devices")).doesNotExist();
  }

  private TranslationTable table(String model, ReadoutSpec device) {
    return granted().translation(model, device.id()).orElseThrow();
  }

  private static ReadoutSpecDefinition ownPermutation() {
    return ReadoutSpecDefinition.parse(
        """
        {"geometry": {"width": 28, "height": 28, "channels": 1},
         "mask": {"scheme": "corenet", "keep": 0.1}, "permutation": {"scheme": "keyed"}}
        """,
        "own permutation");
  }
}
