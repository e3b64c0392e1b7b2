package dev.blindsight.firmware.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.MaskDefinition;
import dev.blindsight.protocol.readout.MaskScheme;
import dev.blindsight.protocol.readout.PermutationDefinition;
import dev.blindsight.protocol.readout.PermutationScheme;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
final class DeviceProfileTest {
  private static final String GOOD =
      """
      version: 1
      site: north-gate
      device: cam-01
      sensor:
        source: simulated:pictures/test
        interval_millis: 200
      readout:
        geometry: {width: 28, height: 28, channels: 1}
        mask: {scheme: corenet, keep: 0.1}
        permutation: {scheme: corenet}
      routing: {mode: local_then_remote, confidence: 0.8}
      model: models/fashion.onnx
      broker: mqtts://broker.example:8883
      """;

  private static final Pattern KEY = Pattern.compile("\\b([a-z_]{4,}):(?= |\n)");

  @TempDir Path folder;

  @Test
  void parse_goodProfile_bindsEveryKey() {
    assertThat(parse(GOOD))
        .isEqualTo(
            new DeviceProfile(
                1,
                "north-gate",
                "cam-01",
                new SensorProfile("simulated:pictures/test", 200, null),
                new ReadoutSpecDefinition(
                    new SensorGeometry(28, 28, 1),
                    new MaskDefinition(MaskScheme.CORENET, 0.1, null),
                    new PermutationDefinition(PermutationScheme.CORENET, null)),
                new Routing(RoutingMode.LOCAL_THEN_REMOTE, 0.8),
                "models/fashion.onnx",
                BrokerAddress.parse("mqtts://broker.example:8883")));
  }

  @Test
  void address_goodProfile_isSiteAndDevice() {
    assertThat(parse(GOOD).address()).isEqualTo(new DeviceAddress("north-gate", "cam-01"));
  }

  @Test
  void parse_withoutOptionalKeys_leavesThemAbsent() {
    DeviceProfile profile =
        parse(
            GOOD.replace("  interval_millis: 200\n", "")
                .replace("model: models/fashion.onnx\n", "")
                .replace("{mode: local_then_remote, confidence: 0.8}", "{mode: remote}"));

    assertThat(profile.model()).isNull();
    assertThat(profile.sensor().intervalMillis()).isNull();
    assertThat(profile.routing().confidence()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version: 1 | version: 2 | version is 2: write version: 1",
        "north-gate | north/gate | site is \"north/gate\"",
        "device: cam-01 | device: -cam | device is \"-cam\"",
        "device: cam-01 | device: 7 | device",
        "simulated:pictures/test | pictures/test | sensor: source names no sensor",
        "interval_millis: 200 | interval_millis: 0 | sensor: interval_millis is 0",
        "interval_millis: 200 | interval_millis: 0.5 | sensor.interval_millis",
        "width: 28 | width: 0 | readout.geometry: width is 0",
        "keep: 0.1 | keep: 0 | readout.mask: keep is 0.0",
        "keep: 0.1 | keep: 1.5 | readout.mask: keep is 1.5",
        "keep: 0.1 | keep: 0.0001 | readout",
        "scheme: corenet, keep | scheme: corent, keep | readout.mask.scheme",
        "mode: local_then_remote | mode: local | confidence has no use here",
        "mode: local_then_remote, confidence: 0.8 | mode: local_then_remote | confidence is"
            + " missing",
        "confidence: 0.8 | confidence: 1 | routing: confidence is 1.0",
        "model: models/fashion.onnx | model: '' | model has 0 characters",
        "mode: local_then_remote, confidence: 0.8 | mode: remote | model has no use",
        "mqtts://broker.example:8883 | https://broker.example | broker: is not an MQTT broker's",
        "mqtts://broker.example:8883 | mqtts://u:p@broker.example | broker: carries a password",
        "mqtts://broker.example:8883 | mqtts://broker.example/x | broker: has more than host and"
            + " port",
        "mqtts://broker.example:8883 | mqtts://broker.example:70000 | broker: has port 70000",
        "mqtts://broker.example:8883 | 'mqtt:// x' | broker: is not an address",
        "sensor: | sensr: | sensr: unknown key: did you mean sensor?",
        "interval_millis: | interval_milis: | sensor.interval_milis: unknown key: did you mean"
            + " interval_millis?",
      })
  void parse_oneMistake_namesFileFieldAndRemedy(String correct, String mistaken, String message) {
    String profile = GOOD.replace(correct, mistaken);

    assertThat(profile).isNotEqualTo(GOOD);
    assertRefused(profile).contains(message);
  }

  @ParameterizedTest
  @CsvSource({
    "site, site",
    "device, device",
    "sensor, sensor",
    "routing, routing",
    "broker, broker",
    "model, model"
  })
  void parse_missingKey_namesIt(String key, String named) {
    String profile =
        Pattern.compile("(?m)^" + key + ":.*\n(  .*\n)*").matcher(GOOD).replaceFirst("");

    assertThat(profile).isNotEqualTo(GOOD);
    assertRefused(profile).contains(named);
  }

  @Test
  void parse_emptyFile_isRefused() {
    assertRefused("");
  }

  @Test
  void read_file_isAsItsText() throws IOException {
    Path file = Files.writeString(folder.resolve("cam-01.yaml"), GOOD);

    assertThat(DeviceProfile.read(file)).isEqualTo(parse(GOOD));
  }

  @Test
  void read_missingFile_saysSo() {
    Path file = folder.resolve("absent.yaml");

    assertThatThrownBy(() -> DeviceProfile.read(file))
        .isInstanceOf(UserError.class)
        .hasMessage(file + ": no such file: check the path");
  }

  @Test
  void parse_exampleOfTheDocumentation_isValid() throws IOException {
    String page = Files.readString(Path.of("../docs/configuration.md"));
    int start = page.indexOf("```yaml\nversion: 1\nsite:") + "```yaml\n".length();

    DeviceProfile profile = parse(page.substring(start, page.indexOf("```", start)));

    assertThat(profile.readout().length()).isEqualTo(78);
  }

  @Property(tries = 100)
  void parse_keyWithoutOneLetter_namesTheKey(
      @ForAll @IntRange(max = 1000) int choice, @ForAll @IntRange(max = 1000) int place) {
    List<MatchResult> keys = KEY.matcher(GOOD).results().toList();
    MatchResult key = keys.get(choice % keys.size());
    String name = key.group(1);
    int letter = key.start(1) + place % name.length();
    String misspelt = GOOD.substring(0, letter) + GOOD.substring(letter + 1);

    assertRefused(misspelt).contains("unknown key: did you mean " + name + "?");
  }

  @Property(tries = 500)
  void parse_damagedProfile_isReadOrRefusedInOneLine(
      @ForAll @IntRange(max = 10_000) int from,
      @ForAll @IntRange(max = 40) int length,
      @ForAll @StringLength(max = 12) String inserted) {
    int start = from % GOOD.length();
    int end = Math.min(GOOD.length(), start + length);
    assertReadOrRefused(GOOD.substring(0, start) + inserted + GOOD.substring(end));
  }

  @Property(tries = 500)
  void parse_anyText_isReadOrRefusedInOneLine(@ForAll String text) {
    assertReadOrRefused(text);
  }

  private static void assertReadOrRefused(String text) {
    try {
      assertThat(parse(text).readout().length()).isPositive();
    } catch (UserError e) {
      assertThat(e.getMessage()).startsWith("cam.yaml: ").hasLineCount(1);
    }
  }

  private static AbstractStringAssert<?> assertRefused(String profile) {
    UserError refusal = catchThrowableOfType(UserError.class, () -> parse(profile));
    return assertThat(refusal.getMessage()).startsWith("cam.yaml: ").hasLineCount(1);
  }

  private static DeviceProfile parse(String yaml) {
    return DeviceProfile.parse(yaml, "cam.yaml");
  }
}
