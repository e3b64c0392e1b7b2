package dev.blindsight.trainer.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.trainer.byteformer.TrainingOptions.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeFileTest {
  private static final String SMALLEST =
      """
      name: smallest
      dataset:
        name: two
        format: record
        root: data
        train: {pictures: [train.bin]}
        test: {pictures: [test.bin]}
        labels: [cat, dog]
      readout:
        geometry: {width: 8, height: 8, channels: 1}
        mask: {scheme: corenet, keep: 0.5}
        permutation: {scheme: none}
      """;

  private static Recipe smallest(String... overrides) {
    return RecipeFile.parse(SMALLEST, List.of(overrides), "smallest.yaml");
  }

  @Test
  void parse_smallestRecipe_takesTheRestFromTheDefaults() {
    Recipe recipe = smallest();

    assertThat(recipe.training().batchSize()).isEqualTo(256);
    assertThat(recipe.training().precision()).isEqualTo(Precision.FLOAT32);
    assertThat(recipe.augmentation()).isEqualTo(Augmentation.NONE);
    assertThat(recipe.dataset().validation()).isNull();
    assertThat(recipe.network().classes()).isEqualTo(2);
    assertThat(recipe.network().maximumTokens()).isEqualTo(recipe.network().tokens(32));
    assertThat(recipe.network().attention()).isEqualTo(AttentionMode.BATCH_INVARIANT);
    assertThat(recipe.network().downsample()).containsExactly(true, true, false, false, false);
    assertThat(recipe.network().windowSizes()).containsExactly(64, 64, 64, 64, 64);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fashion-mnist-keep10.yaml", "hituav-keep10.yaml"})
  void read_shippedRecipe_isValid(String file) {
    Recipe recipe = RecipeFile.read(Path.of("recipes", file), List.of());

    assertThat(recipe.readout().length()).isEqualTo(recipe.readout().geometry().elements() / 10);
    assertThat(recipe.dataset().licence()).isNotNull();
    assertThat(file).startsWith(recipe.name());
  }

  @Test
  void parse_overrides_replaceValuesOfAnyKind() {
    Recipe recipe =
        smallest(
            "training.epochs=7",
            "augmentation.flip=true",
            "optimiser.learning_rate=1e-3",
            "architecture.window_sizes=[8, 8, 4, 4, 4]",
            "name=12",
            "dataset.validation.pictures=[a.bin]",
            "readout.mask.keep=0.25");

    assertThat(recipe.training().epochs()).isEqualTo(7);
    assertThat(recipe.augmentation().flip()).isTrue();
    assertThat(recipe.optimiser().learningRate()).isEqualTo(1e-3);
    assertThat(recipe.network().windowSizes()).containsExactly(8, 8, 4, 4, 4);
    assertThat(recipe.name()).isEqualTo("12");
    assertThat(recipe.dataset().validation()).isEqualTo(new SplitFiles(List.of("a.bin"), null));
    assertThat(recipe.readout().length()).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          training.epoch=3                 | training.epoch: unknown key: did you mean epochs?
          trainin.epochs=3                 | trainin: unknown key: did you mean training?
          training.epochs=many             | training.epochs: expected a whole number
          training.epochs=1.5              | training.epochs: expected a whole number
          training.epochs=                 | training.epochs: expected a whole number
          training.epochs=0                | epochs is 0: give a whole number from 1 to 100000
          training.batch_size=0            | batch_size is 0
          training.dropout=1               | dropout is 1.0: give a number from 0 to below 1
          training.stochastic_depth=-0.1   | stochastic_depth is -0.1
          training.label_smoothing=.nan    | label_smoothing is NaN
          training.ema_decay=1             | ema_decay is 1.0
          training.precision=half          | expected one of float32, bfloat16
          optimiser.learning_rate=0        | learning_rate is 0.0: give a number greater than 0
          optimiser.minimum_learning_rate=1 | minimum_learning_rate is 1.0: give a number from 0.0 to 0.002
          optimiser.warm_up_steps=-1       | warm_up_steps is -1
          optimiser.weight_decay=2         | weight_decay is 2.0
          optimiser.gradient_clip=.inf     | gradient_clip is Infinity
          augmentation.shift=1.5           | shift is 1.5: give whole pixels, or set sub_pixel to true
          augmentation.shift=65            | shift is 65.0
          augmentation.zoom=1              | zoom is 1.0
          augmentation.rotation=181        | rotation is 181.0
          augmentation.brightness=-1       | brightness is -1.0
          augmentation.contrast=2          | contrast is 2.0
          augmentation.noise=200           | noise is 200.0
          augmentation.cutout=-1           | cutout is -1
          augmentation.mixup=5             | mixup is 5.0
          augmentation.border=mirror       | expected one of zero, edge
          embedding.frequencies=65         | frequencies is 65
          architecture.heads=5             | heads is 5, which does not divide embedding_size 96
          architecture.kernel_size=34      | an input of 32 bytes is shorter than kernel_size 34
          architecture.downsample_after=[5] | downsample_after is 5: give a whole number from 0 to 4
          architecture.window_sizes=[4, 4] | window_sizes has 2 entries for 5 layers
          architecture.maximum_tokens=3    | more than maximum_tokens 3
          readout.mask.keep=0              | keep is 0.0
          readout=3                        | readout: expected the keys geometry, mask, permutation
          dataset.labels=[cat, cat]        | labels names a class twice
          dataset.labels=[cat]             | labels has 1 entries
          dataset.format=idx               | train.labels must name one file
          dataset.train.pictures=[]        | pictures is empty
          dataset.held_out=-1              | held_out is -1
          dataset.train=null               | dataset.train: is empty
          threads=-1                       | threads is -1
          name=                            | name has 0 characters
          name.first=x                     | name is a value, not a group of keys
          training                         | give key=value
          =3                               | give key=value
          """)
  void parse_badOverride_isOneLineThatNamesTheField(String override, String expected) {
    assertThatThrownBy(() -> smallest(override))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void parse_missingKey_saysWhich() {
    String text = SMALLEST.replace("name: smallest\n", "");

    assertThatThrownBy(() -> RecipeFile.parse(text, List.of(), "r.yaml"))
        .isInstanceOf(UserError.class)
        .hasMessage("r.yaml: name: is missing: add it");
  }

  @Test
  void parse_heldOutBesideValidation_isRefused() {
    assertThatThrownBy(() -> smallest("dataset.validation.pictures=[v]", "dataset.held_out=5"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("held_out is 5 beside a validation split");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "- a\n- b", "3", "name: [", "{", "\t", "a: b: c"})
  void parse_notARecipe_isOneLine(String text) {
    assertThatThrownBy(() -> RecipeFile.parse(text, List.of(), "r.yaml"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("r.yaml: ")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void read_missingFile_saysSo() {
    assertThatThrownBy(() -> RecipeFile.read(Path.of("nowhere.yaml"), List.of()))
        .isInstanceOf(UserError.class)
        .hasMessage("nowhere.yaml: no such file: check the path of the recipe");
  }

  @Test
  void write_resolvedRecipe_readsBackEqual() {
    Recipe recipe =
        smallest("training.epochs=3", "dataset.root=12", "architecture.maximum_tokens=40");

    String text = RecipeFile.write(recipe);

    assertThat(RecipeFile.parse(text, List.of(), "copy")).isEqualTo(recipe);
    assertThat(RecipeFile.sha256(recipe)).matches("[0-9a-f]{64}");
    assertThat(RecipeFile.sha256(smallest())).isNotEqualTo(RecipeFile.sha256(recipe));
  }

  @Property(tries = 300)
  void parse_damagedRecipe_givesARecipeOrAUserError(
      @ForAll("places") int place, @ForAll("snippets") String snippet) {
    int at = place % SMALLEST.length();
    int after = Math.min(SMALLEST.length(), at + place % 7);
    requireRecipeOrUserError(SMALLEST.substring(0, at) + snippet + SMALLEST.substring(after));
  }

  @Property(tries = 300)
  void parse_anyText_givesARecipeOrAUserError(@ForAll String text) {
    requireRecipeOrUserError(text);
  }

  @Property(tries = 300)
  void parse_anyOverride_givesARecipeOrAUserError(@ForAll("overrides") String override) {
    try {
      smallest(override);
    } catch (UserError e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<Integer> places() {
    return Arbitraries.integers().between(0, 100_000);
  }

  @Provide
  Arbitrary<String> snippets() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars(":-[]{}&*!|>'\"#%@`, \n\t0a").ofMaxLength(6),
        Arbitraries.of("null", "~", "1e999", "-1", "true", "*x", "&x [*x]", "!!java.lang.Object"));
  }

  @Provide
  Arbitrary<String> overrides() {
    Arbitrary<String> keys =
        Arbitraries.of(
            "training", "epochs", "dataset", "labels", "readout", "mask", "keep", "name", "x", "");
    return keys.list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(path -> String.join(".", path))
        .flatMap(path -> snippets().map(value -> path + "=" + value));
  }

  private static void requireRecipeOrUserError(String text) {
    try {
      assertThat(RecipeFile.parse(text, List.of(), "fuzz")).isNotNull();
    } catch (UserError e) {
      assertThat(e.getMessage()).startsWith("fuzz").doesNotContain("\n");
    }
  }

  @Test
  void read_binaryFile_saysItIsNotText(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("r.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    assertThatThrownBy(() -> RecipeFile.read(file, List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageEndingWith("is not UTF-8 text: give a recipe in YAML");
  }
}
