package dev.blindsight.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.trainer.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetReaderTest {
  private static final byte[] THREE_PICTURES = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, (byte) 200, 14, 15, 16, 17, (byte) 255
  };

  @TempDir Path root = Path.of("");

  @BeforeEach
  void writeIdx() throws IOException {
    IdxFixture.write(
        root,
        IdxFixture.pictures(3, 2, 3, THREE_PICTURES),
        IdxFixture.labels((byte) 2, (byte) 0, (byte) 1));
  }

  private Recipe idx(String... overrides) {
    return TestRecipes.idx(
        root,
        3,
        2,
        Stream.concat(
                Stream.of(
                    "architecture.kernel_size=2",
                    "architecture.layers=1",
                    "architecture.downsample_after=[]",
                    "readout.mask.keep=1.0"),
                Arrays.stream(overrides))
            .toArray(String[]::new));
  }

  @Test
  void test_idxFiles_givePicturesInOrder() {
    Pictures pictures = new DatasetReader(idx()).test();

    assertThat(pictures.size()).isEqualTo(3);
    assertThat(pictures.label(0)).isEqualTo(2);
    assertThat(pictures.label(2)).isEqualTo(1);
    assertThat(pictures.valueAt(0, 0)).isEqualTo(1);
    assertThat(pictures.valueAt(2, 0)).isEqualTo(200);
    assertThat(pictures.exposure(2).applyAsInt(5)).isEqualTo(255);
  }

  @Test
  void test_gzipFiles_areUnpackedWhateverTheirName() throws IOException {
    Path file = root.resolve("test.idx3");
    Files.write(file, IdxFixture.gzip(Files.readAllBytes(file)));

    assertThat(new DatasetReader(idx()).test().valueAt(2, 0)).isEqualTo(200);
  }

  @Test
  void test_missingFile_saysHowToGetIt() throws IOException {
    Files.delete(root.resolve("test.idx1"));

    assertUserError(
        () -> new DatasetReader(idx()).test(),
        "test.idx1: no such file: run the test again, or give its folder with --set"
            + " dataset.root=FOLDER");
  }

  @Test
  void test_pathThatIsNone_isOneLine() {
    assertUserError(
        () -> new DatasetReader(idx("dataset.test.pictures=[\"a\\0b\"]")).test(),
        "is not a file name: correct the recipe");
  }

  @Test
  void test_labelsInPlaceOfPictures_saysWhatTheFileIsNot() throws IOException {
    Files.copy(
        root.resolve("test.idx1"), root.resolve("test.idx3"), StandardCopyOption.REPLACE_EXISTING);

    assertUserError(
        () -> new DatasetReader(idx()).test(),
        "is not a file of IDX pictures (it begins 0x00000801, not 0x00000803)");
  }

  @Test
  void test_otherSize_namesBoth() {
    assertUserError(
        () -> new DatasetReader(idx("readout.geometry.width=4")).test(),
        "holds grey pictures of 3x2, the recipe's geometry is 4x2x1");
  }

  @Test
  void test_truncatedPictures_saysWhere() throws IOException {
    byte[] whole = Files.readAllBytes(root.resolve("test.idx3"));
    Files.write(root.resolve("test.idx3"), Arrays.copyOf(whole, whole.length - 7));

    assertUserError(() -> new DatasetReader(idx()).test(), "ends in the middle of picture 1 of 3");
  }

  @Test
  void test_trailingBytes_areRefused() throws IOException {
    byte[] whole = Files.readAllBytes(root.resolve("test.idx1"));
    Files.write(root.resolve("test.idx1"), Arrays.copyOf(whole, whole.length + 1));

    assertUserError(
        () -> new DatasetReader(idx()).test(), "goes on after what its header announces");
  }

  @Test
  void test_headerOfBillions_isRefusedWithoutTheirMemory() throws IOException {
    byte[] whole = Files.readAllBytes(root.resolve("test.idx3"));
    whole[4] = 5;
    Files.write(root.resolve("test.idx3"), whole);

    assertUserError(() -> new DatasetReader(idx()).test(), "ends in the middle of picture 3");
  }

  @Test
  void test_labelWithoutAName_isRefused() throws IOException {
    Files.write(root.resolve("test.idx1"), IdxFixture.labels((byte) 0, (byte) 3, (byte) 1));

    assertUserError(
        () -> new DatasetReader(idx()).test(), "entry 1 has label 3, the recipe names 3 classes");
  }

  @Test
  void test_fewerLabelsThanPictures_isRefused() throws IOException {
    Files.write(root.resolve("test.idx1"), IdxFixture.labels((byte) 0, (byte) 1));

    assertUserError(
        () -> new DatasetReader(idx()).test(), "the pictures so far are 3, the labels 2");
  }

  @Test
  void test_damagedGzip_isOneLine() throws IOException {
    byte[] packed = IdxFixture.gzip(Files.readAllBytes(root.resolve("test.idx3")));
    packed[packed.length - 6] ^= 0x55;
    Files.write(root.resolve("test.idx3"), packed);

    assertUserError(() -> new DatasetReader(idx()).test(), "is damaged: get the file again");
  }

  @Test
  void learning_heldOut_takesPicturesOutOfTheTrainingSplitBySeed() throws IOException {
    byte[] values = new byte[100 * 6];
    byte[] labels = new byte[100];
    for (int i = 0; i < 100; i++) {
      values[i * 6] = (byte) i;
    }
    IdxFixture.write(root, IdxFixture.pictures(100, 2, 3, values), IdxFixture.labels(labels));

    LearningPictures first = new DatasetReader(idx("dataset.held_out=30")).learning();
    LearningPictures again = new DatasetReader(idx("dataset.held_out=30")).learning();
    LearningPictures other = new DatasetReader(idx("dataset.held_out=30", "seed=2")).learning();

    assertThat(firstValues(first.train()))
        .hasSize(70)
        .doesNotContainAnyElementsOf(firstValues(first.validation()));
    assertThat(firstValues(first.validation()))
        .hasSize(30)
        .isEqualTo(firstValues(again.validation()))
        .isNotEqualTo(firstValues(other.validation()));
  }

  @Test
  void learning_moreHeldOutThanThereAre_isRefused() {
    assertUserError(
        () -> new DatasetReader(idx("dataset.held_out=3")).learning(),
        "dataset.held_out is 3, the training split has 3 pictures: hold out fewer");
  }

  @Test
  void learning_records_turnPlanesIntoPixels() throws IOException {
    byte[] red = {1, 2};
    byte[] green = {3, 4};
    byte[] blue = {5, 6};
    byte[] one = {1, red[0], red[1], green[0], green[1], blue[0], blue[1]};
    byte[] two = {0, 7, 8, 9, 10, 11, 12};
    Files.write(root.resolve("train.bin"), one);
    Files.write(root.resolve("validation.bin"), two);
    Files.write(root.resolve("test-1.bin"), two);
    Files.write(root.resolve("test-2.bin"), one);
    DatasetReader reader = new DatasetReader(records());

    Pictures train = reader.learning().train();
    assertThat(train.label(0)).isEqualTo(1);
    assertThat(values(train, 0)).containsExactly(1, 3, 5, 2, 4, 6);
    assertThat(values(reader.learning().validation(), 0)).containsExactly(7, 9, 11, 8, 10, 12);
    assertThat(reader.test().size()).isEqualTo(2);
    assertThat(reader.test().label(1)).isEqualTo(1);
  }

  @Test
  void learning_partOfARecord_saysWhere() throws IOException {
    Files.write(root.resolve("train.bin"), new byte[10]);

    assertUserError(
        () -> new DatasetReader(records()).learning(),
        "ends 3 bytes into record 1, records of 2x1x3 have 7");
  }

  @Test
  void learning_emptyRecordFile_isRefused() throws IOException {
    Files.createFile(root.resolve("train.bin"));

    assertUserError(() -> new DatasetReader(records()).learning(), "is empty");
  }

  @Property(tries = 200)
  void test_anyBytes_givePicturesOrAUserError(@ForAll @Size(max = 64) byte[] bytes)
      throws IOException {
    requirePicturesOrUserError(bytes, bytes);
  }

  @Property(tries = 300)
  void test_damagedIdx_givesPicturesOrAUserError(
      @ForAll @IntRange(max = 33) int place, @ForAll byte value, @ForAll boolean packed)
      throws IOException {
    byte[] pictures = IdxFixture.pictures(3, 2, 3, THREE_PICTURES);
    byte[] labels = IdxFixture.labels((byte) 2, (byte) 0, (byte) 1);
    if (packed) {
      pictures = IdxFixture.gzip(pictures);
      labels = IdxFixture.gzip(labels);
    }
    pictures[place % pictures.length] = value;
    labels[place % labels.length] = value;
    requirePicturesOrUserError(pictures, IdxFixture.labels((byte) 2, (byte) 0, (byte) 1));
    requirePicturesOrUserError(IdxFixture.pictures(3, 2, 3, THREE_PICTURES), labels);
  }

  private static void requirePicturesOrUserError(byte[] pictures, byte[] labels)
      throws IOException {
    Path folder = Files.createTempDirectory("damaged");
    try {
      IdxFixture.write(folder, pictures, labels);
      Recipe recipe =
          TestRecipes.idx(folder, 3, 2, "readout.mask.keep=1.0", "architecture.kernel_size=2");
      assertThat(new DatasetReader(recipe).test().size()).isPositive();
    } catch (UserError e) {
      assertThat(e.getMessage()).contains("test.idx").doesNotContain("\n");
    } finally {
      for (String name : new String[] {"train.idx3", "train.idx1", "test.idx3", "test.idx1"}) {
        Files.deleteIfExists(folder.resolve(name));
      }
      Files.delete(folder);
    }
  }

  private Recipe records() {
    return TestRecipes.record(root, 2, 1, "architecture.kernel_size=2");
  }

  private static int[] values(Pictures pictures, int picture) {
    return IntStream.range(0, pictures.geometry().elements())
        .map(channel -> pictures.valueAt(picture, channel))
        .toArray();
  }

  private static Set<Integer> firstValues(Pictures pictures) {
    Set<Integer> values = new HashSet<>();
    for (int i = 0; i < pictures.size(); i++) {
      values.add(pictures.valueAt(i, 0));
    }
    return values;
  }

  private static void assertUserError(ThrowingCallable call, String expected) {
    assertThatThrownBy(call)
        .isInstanceOf(UserError.class)
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("\n");
  }
}
