package dev.blindsight.camera.sensor.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.LabelledSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.camera.sensor.TrueLabel;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedSensorTest {
  private static final ReadoutSpec SPEC =
      ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);

  @TempDir Path directory;

  @Property(tries = 60)
  void read_anySpec_addressesEachKeptChannelOnceAndNoOther(
      @ForAll @IntRange(min = 1, max = 20) int width,
      @ForAll @IntRange(min = 1, max = 20) int height,
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll @DoubleRange(min = 0.4, max = 1.0) double keep,
      @ForAll @IntRange(min = 1, max = 4) int exposures) {
    SensorGeometry geometry = new SensorGeometry(width, height, channels);
    ReadoutSpec spec =
        ReadoutSpec.corenet(geometry, Math.max(keep, 1.0 / geometry.elements()), true);
    SimulatedChip chip = new SimulatedChip(geometry);
    byte[] values = new byte[exposures * geometry.elements()];
    new Random(1).nextBytes(values);
    SimulatedSensor sensor =
        new SimulatedSensor(
            chip,
            new PicturesInMemory(geometry, values, null),
            new Playback(0, 1, null, false),
            spec,
            "device");

    for (int i = 0; i < exposures; i++) {
      sensor.read().orElseThrow().close();
    }

    long[] wanted = new long[geometry.elements()];
    for (int channel : spec.mask().channels()) {
      wanted[channel] = exposures;
    }
    assertThat(IntStream.range(0, geometry.elements()).mapToLong(chip::timesAddressed))
        .containsExactly(box(wanted));
  }

  private static Long[] box(long[] values) {
    return Arrays.stream(values).boxed().toArray(Long[]::new);
  }

  @Test
  void read_picture_givesItsKeptValuesPermutedInMaskOrder() throws IOException {
    Path picture =
        PictureWriter.grey(directory.resolve("a.png"), 28, 28, (x, y) -> (7 * x + 3 * y) & 0xFF);

    try (LabelledSensor sensor = open("simulated:" + picture);
        Readout readout = sensor.read().orElseThrow()) {
      assertThat(readout.length()).isEqualTo(78);
      for (int slot = 0; slot < readout.length(); slot++) {
        int channel = SPEC.mask().channelAt(slot);
        int value = (7 * (channel % 28) + 3 * (channel / 28)) & 0xFF;
        assertThat(readout.valueAt(slot)).isEqualTo(SPEC.permutation().apply(value));
      }
      assertThat(readout.device()).isEqualTo("device");
      assertThat(readout.specId()).isEqualTo(SPEC.id());
      assertThat(readout.guarantee()).isEqualTo(GuaranteeLevel.ADDRESSED);
      assertThat(sensor.trueLabel(0)).isEmpty();
      assertThat(sensor.read()).isEmpty();
    }
  }

  @Test
  void read_folder_playsInOrderOfPathsWithFolderNamesBeside() throws IOException {
    PictureWriter.grey(directory.resolve("cat/2.png"), 28, 28, (x, y) -> 2);
    PictureWriter.grey(directory.resolve("bird/9.png"), 28, 28, (x, y) -> 9);
    PictureWriter.grey(directory.resolve("cat/1.png"), 28, 28, (x, y) -> 1);

    try (LabelledSensor sensor = open(directory.toString())) {
      assertThat(firstValues(sensor)).containsExactly(9, 1, 2);
      assertThat(IntStream.range(0, 3).mapToObj(sensor::trueLabel).map(Optional::orElseThrow))
          .containsExactly(
              new TrueLabel.Named("bird"), new TrueLabel.Named("cat"), new TrueLabel.Named("cat"));
    }
  }

  private static List<Integer> firstValues(LabelledSensor sensor) {
    List<Integer> values = new ArrayList<>();
    for (Optional<Readout> next = sensor.read(); next.isPresent(); next = sensor.read()) {
      try (Readout readout = next.get()) {
        assertThat(readout.sequence()).isEqualTo(values.size());
        values.add(SPEC.permutation().inverse().apply(readout.valueAt(0)));
      }
    }
    return values;
  }

  @Test
  void read_bundledPictures_areFourHundredWithTheirLabels() {
    try (LabelledSensor sensor = open("simulated:fashion-mnist-400")) {
      int[] counts = new int[10];
      long sequence = 0;
      while (sensor.read().isPresent()) {
        TrueLabel label = sensor.trueLabel(sequence++).orElseThrow();
        counts[
            Integer.parseInt(
                label
                    .among(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"))
                    .orElseThrow())]++;
      }
      assertThat(sequence).isEqualTo(400);
      // Of the first 400 entries of t10k-labels-idx1-ubyte.
      assertThat(counts).containsExactly(42, 44, 54, 36, 43, 32, 39, 40, 34, 36);
      assertThat(sensor.trueLabel(0)).contains(new TrueLabel.Numbered(9));
    }
  }

  @Test
  void read_loopWithCount_beginsAgainAndEndsAtTheCount() throws IOException {
    for (int i = 0; i < 3; i++) {
      int value = i;
      PictureWriter.grey(directory.resolve("x/" + i + ".png"), 28, 28, (x, y) -> value);
    }

    try (LabelledSensor sensor = open(directory + "?loop=true&count=7&start=1")) {
      assertThat(firstValues(sensor)).containsExactly(1, 2, 1, 2, 1, 2, 1);
    }
  }

  @Test
  void share_twoCameras_playTheSourceOnceBetweenThem() throws IOException {
    for (int i = 0; i < 5; i++) {
      int value = i;
      PictureWriter.grey(directory.resolve("x/" + i + ".png"), 28, 28, (x, y) -> value);
    }
    SensorSource source = SensorSource.parse(directory.toString());

    try (LabelledSensor first = open(ReadoutSensors.share(source, 0, 2).toString());
        LabelledSensor second = open(ReadoutSensors.share(source, 1, 2).toString())) {
      assertThat(firstValues(first)).containsExactly(0, 2, 4);
      assertThat(firstValues(second)).containsExactly(1, 3);
    }
  }

  @Test
  void read_afterClose_isTheEnd() {
    LabelledSensor sensor = open("simulated:fashion-mnist-400");
    sensor.close();

    assertThat(sensor.read()).isEmpty();
  }

  @Test
  void open_startBeyondTheLast_saysHowManyThereAre() {
    assertThatThrownBy(() -> open("simulated:fashion-mnist-400?start=400"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("start is 400, there are 400 pictures: begin at 0 to 399");
  }

  @Test
  void open_unknownOption_namesTheNearest() {
    assertThatThrownBy(() -> open("simulated:fashion-mnist-400?lop=true"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("unknown option lop: did you mean loop?");
  }

  @Test
  void open_valueThatIsNoNumber_saysWhatIsAskedFor() {
    assertThatThrownBy(() -> open("simulated:fashion-mnist-400?count=many"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("option count is \"many\": give a whole number");
  }

  @Test
  void open_emptyFolder_saysWherePicturesBelong() {
    assertThatThrownBy(() -> open(directory.toString()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no pictures: put them there as <label>/<picture>.png");
  }

  private static LabelledSensor open(String source) {
    return (LabelledSensor) ReadoutSensors.open(SensorSource.parse(source), SPEC, "device");
  }
}
