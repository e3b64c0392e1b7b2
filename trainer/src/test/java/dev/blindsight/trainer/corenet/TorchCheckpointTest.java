package dev.blindsight.trainer.corenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.trainer.byteformer.Tensor;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.corenet.CheckpointWriter.Values;
import dev.blindsight.trainer.corenet.CheckpointWriter.View;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchCheckpointTest {
  private static final Tensor TWO_BY_THREE =
      Tensor.of(List.of(2, 3), new float[] {1, 2, 3, 4, 5, 6});

  @TempDir private Path folder;

  @Test
  void read_ofStateDict_givesEveryTensor() throws IOException {
    Weights weights = TorchCheckpoint.read(reference("small_k4_w16_h2/checkpoint.pt"));

    assertThat(weights.names()).hasSize(61).startsWith("embeddings.weight");
    assertThat(weights.shape("token_reduction_net.weight")).containsExactly(64, 64, 4);
  }

  /** Pickles that PyTorch wrote, with the values of another checkpoint beside them. */
  @ParameterizedTest
  @CsvSource({
    "averaged_plain_dict, 4",
    "checkpoint_ema_best, 4",
    "fp16_plain_dict, 2",
    "bf16_plain_dict, 2"
  })
  void read_ofPublishedPickle_givesTheStoredValues(String layout, int bytes) throws IOException {
    Weights expected = TorchCheckpoint.read(reference("small_k4_w16_h2/checkpoint.pt"));
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(layout + "/data.pkl", pickle(layout + ".data.pkl"));
    putStorages(entries, layout, 0, expected, layout.startsWith("fp16"), bytes);

    Weights weights = TorchCheckpoint.read(file(CheckpointWriter.zip(entries)));

    assertThat(weights.names()).containsExactlyElementsOf(expected.names());
    for (String name : expected.names()) {
      float relative = bytes == 4 ? 0 : layout.startsWith("fp16") ? 0x1p-10f : 0x1p-7f;
      assertClose(weights.values(name), expected.values(name), relative);
    }
  }

  @Test
  void read_ofPublishedLegacyPickles_givesTheStoredValues() throws IOException {
    Weights expected = TorchCheckpoint.read(reference("small_k4_w16_h2/checkpoint.pt"));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(pickle("legacy_non_zip.pickles"));
    for (String name : legacyOrder(expected)) {
      byte[] values = floats(expected.values(name));
      byte[] count = new byte[Long.BYTES];
      littleEndian(count).putLong(values.length / Float.BYTES);
      file.writeBytes(count);
      file.writeBytes(values);
    }

    assertThat(TorchCheckpoint.read(file(file.toByteArray()))).isEqualTo(expected);
  }

  @Test
  void read_ofPublishedTrainingPickle_givesTheWeightsAskedFor() throws IOException {
    Weights model = TorchCheckpoint.read(reference("small_k4_w16_h2/checkpoint.pt"));
    Weights average = scaled(model, 2);
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    String layout = "training_checkpoint_last";
    entries.put(layout + "/data.pkl", pickle(layout + ".data.pkl"));
    putStorages(entries, layout, 0, model, false, 4);
    // Of the optimiser's state nothing is there: it is parsed, never loaded.
    putStorages(entries, layout, 244, average, false, 4);
    Path file = file(CheckpointWriter.zip(entries));

    assertThat(TorchCheckpoint.read(file)).isEqualTo(model);
    assertThat(TorchCheckpoint.read(file, Optional.of(WeightSet.MODEL))).isEqualTo(model);
    assertThat(TorchCheckpoint.read(file, Optional.of(WeightSet.EMA))).isEqualTo(average);
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive", "legacy"})
  void read_ofFullTrainingCheckpoint_givesTheWeightsAskedFor(String layout) throws IOException {
    Weights model = Weights.of(new LinkedHashMap<>(Map.of("a", TWO_BY_THREE)));
    Weights average = scaled(model, 2);
    Path file = file(written(layout, CheckpointWriter.training(model, average)));

    assertThat(TorchCheckpoint.read(file)).isEqualTo(model);
    assertThat(TorchCheckpoint.read(file, Optional.of(WeightSet.EMA))).isEqualTo(average);
  }

  @Test
  void read_ofTrainingCheckpointWithoutAverage_saysSo() throws IOException {
    Weights model = Weights.of(new LinkedHashMap<>(Map.of("a", TWO_BY_THREE)));
    SequencedMap<String, Object> root = CheckpointWriter.training(model, model);
    root.put("ema_state_dict", null);
    Path file = file(CheckpointWriter.archive(root));

    assertThatThrownBy(() -> TorchCheckpoint.read(file, Optional.of(WeightSet.EMA)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("saved without ema_state_dict");
  }

  @Test
  void read_ofOneSetOfWeights_refusesToChoose() throws IOException {
    Path file = file(CheckpointWriter.archive(Map.of("a", view("FloatStorage", 0))));

    assertThatThrownBy(() -> TorchCheckpoint.read(file, Optional.of(WeightSet.EMA)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("leave --weights out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive", "legacy"})
  void read_ofTransposedView_followsItsStrides(String layout) throws IOException {
    Values values = Values.floats("0", 1, 2, 3, 4, 5, 6);
    View transposed = new View(values, 0, List.of(3L, 2L), List.of(1L, 3L));

    Weights weights = TorchCheckpoint.read(file(written(layout, Map.of("a", transposed))));

    assertThat(weights.shape("a")).containsExactly(3, 2);
    assertThat(weights.values("a")).containsExactly(1, 4, 2, 5, 3, 6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive", "legacy"})
  void read_ofTensorsInOneStorage_takesEachFromItsOffset(String layout) throws IOException {
    Values values = Values.floats("0", 1, 2, 3, 4, 5, 6);
    SequencedMap<String, Object> state = new LinkedHashMap<>();
    state.put("a", new View(values, 4, List.of(2L), List.of(1L)));
    state.put("b", new View(values, 1, List.of(2L), List.of(2L)));
    state.put("c", new View(values, 2, List.of(), List.of()));

    Weights weights = TorchCheckpoint.read(file(written(layout, state)));

    assertThat(weights.values("a")).containsExactly(5, 6);
    assertThat(weights.values("b")).containsExactly(2, 4);
    assertThat(weights.values("c")).containsExactly(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive", "legacy"})
  void read_ofHalfPrecisions_widensThem(String layout) throws IOException {
    SequencedMap<String, Object> state = new LinkedHashMap<>();
    Tensor tensor = Tensor.of(List.of(4), new float[] {1.5f, -0.0f, 0x1p-20f, -2});
    state.put("half", View.of(Values.halves("0", tensor.values()), tensor));
    state.put("brain", View.of(Values.upperHalves("1", tensor.values()), tensor));

    Weights weights = TorchCheckpoint.read(file(written(layout, state)));

    assertThat(weights.tensor("half")).isEqualTo(tensor);
    assertThat(weights.tensor("brain")).isEqualTo(tensor);
  }

  @Test
  void read_ofWrappedModel_leavesTheWrapperOut() throws IOException {
    Path file = file(CheckpointWriter.archive(Map.of("module.a.weight", view("FloatStorage", 0))));

    assertThat(TorchCheckpoint.read(file).names()).containsExactly("a.weight");
  }

  @Test
  void read_ofOneTensorWrappedAndNot_namesIt() throws IOException {
    SequencedMap<String, Object> state = new LinkedHashMap<>();
    state.put("a", view("FloatStorage", 0));
    state.put("module.a", view("FloatStorage", 0));

    assertRefused(CheckpointWriter.archive(state), "it has the tensor a twice");
  }

  /** Each is refused by the name it goes by. */
  @ParameterizedTest
  @CsvSource({
    "os, system",
    "posix, system",
    "builtins, eval",
    "__builtin__, exec",
    "subprocess, Popen",
    "numpy.core.multiarray, _reconstruct",
    "torch._utils, _rebuild_parameter",
    "torch, load",
    "torch, DoubleStorage",
    "torch, QUInt8Storage",
    "collections, OrderedDict.update"
  })
  void read_ofPickleThatNamesAnythingElse_refusesItByName(String module, String name)
      throws IOException {
    String call = "\u0080\u0002c" + module + "\n" + name + "\nX\u0004\0\0\0true\u0085R.";

    assertRefused(pickled(call), "it refers to " + module + "." + name);
  }

  @ParameterizedTest
  @CsvSource({"i, 0x69", "o, 0x6f", "P, 0x50", "I, 0x49", "V, 0x56", "0, 0x30", "2, 0x32"})
  void read_ofOtherOpcode_refusesItByCode(char opcode, String code) throws IOException {
    assertRefused(pickled("\u0080\u0002" + opcode + "."), "opcode " + code);
  }

  @Test
  void read_ofPickleWithoutEnd_isRefused() throws IOException {
    assertRefused(pickled("\u0080\u0002}"), "ends in the middle");
  }

  @Test
  void read_ofEmptyStack_isRefused() throws IOException {
    assertRefused(pickled("\u0080\u0002."), "more values than it made");
  }

  @Test
  void read_ofDictThatContainsItself_isRefused() throws IOException {
    assertRefused(pickled("\u0080\u0002}q\0X\u0001\0\0\0ah\0s."), "its entry a is not a tensor");
  }

  @Test
  void read_ofLaterPickleProtocol_isRefused() throws IOException {
    assertRefused(pickled("\u0080\u0004}."), "pickle protocol 4");
  }

  @Test
  void read_ofEntryThatIsNoTensor_namesTheEntry() throws IOException {
    assertRefused(CheckpointWriter.archive(Map.of("epoch", 7)), "its entry epoch is not a tensor");
  }

  @Test
  void read_ofKeyWithLineBreak_isRefusedInOneLine() throws IOException {
    assertRefused(
        CheckpointWriter.archive(Map.of("a\nb", view("FloatStorage", 0))), "its key a?b is no");
  }

  @Test
  void read_ofDictWithOneKeyTwice_namesTheKey() throws IOException {
    assertRefused(
        pickled("\u0080\u0002}(X\u0001\0\0\0aNX\u0001\0\0\0aNu."), "a dict has the key a twice");
  }

  @Test
  void read_ofStringTooLong_isRefused() throws IOException {
    String text = "X\u0088\u0013\0\0" + "a".repeat(5000);

    assertRefused(pickled("\u0080\u0002" + text + "."), "a string of 5000 bytes");
  }

  @Test
  void read_ofMoreValuesThanAnyModelHas_isRefused() throws IOException {
    assertRefused(pickled("\u0080\u0002" + "N".repeat(300_000) + "."), "more than 262144 values");
  }

  /** Sizes, strides and an offset that reach beyond a storage of four values, or multiply it. */
  @ParameterizedTest
  @CsvSource({
    "1, 4, 1, reaches outside its storage",
    "-1, 2, 1, reaches outside its storage",
    "4, 1, 1, reaches outside its storage",
    "9223372036854775807, 1, 1, reaches outside its storage",
    "0, 2, 4, reaches outside its storage",
    "0, 3, 4611686018427387904, reaches outside its storage",
    "0, 2, -1, claims the size [2] of a storage of 4 values",
    "0, 5, 0, claims the size [5] of a storage of 4 values",
    "0, 0, 1, claims the size [0] of a storage of 4 values",
    "0, 9223372036854775807, 0, claims the size",
    "0, -3, 1, claims the size [-3]"
  })
  void read_ofViewThatClaimsTooMuch_namesTheTensor(
      long offset, long size, long stride, String reason) throws IOException {
    Values values = Values.floats("0", 1, 2, 3, 4);
    View view = new View(values, offset, List.of(size), List.of(stride));

    assertRefused(CheckpointWriter.archive(Map.of("a", view)), "tensor a " + reason);
  }

  @Test
  void read_ofSizesWhoseProductOverflows_namesTheTensor() throws IOException {
    long huge = Integer.MAX_VALUE - 8L;
    View view =
        new View(
            Values.floats("0", 1, 2, 3, 4),
            0,
            List.of(huge, huge, huge, huge),
            List.of(0L, 0L, 0L, 0L));

    assertRefused(CheckpointWriter.archive(Map.of("a", view)), "tensor a claims the size");
  }

  @Test
  void read_ofOneStorageUnderManyNames_isRefused() throws IOException {
    SequencedMap<String, Object> state = new LinkedHashMap<>();
    Values values = Values.floats("0", new float[5000]);
    for (int i = 0; i < 200; i++) {
      state.put("a" + i, new View(values, 0, List.of(5000L), List.of(1L)));
    }

    assertRefused(CheckpointWriter.archive(state), "claim more values than the file has");
  }

  @ParameterizedTest
  @CsvSource({
    "archive, 3, holds 16 bytes",
    "archive, 4611686018427387908, holds 16 bytes",
    "archive, -1, holds 16 bytes",
    "legacy, 5, ends within its storage 0",
    "legacy, 4611686018427387908, ends within its storage 0",
    "legacy, -1, ends within its storage 0",
    "legacy, 3, something follows its last storage"
  })
  void read_ofStorageOfAnotherSize_namesIt(String layout, long claimed, String reason)
      throws IOException {
    Values values = Values.floats("0", 1, 2, 3, 4);
    Values claims = new Values("0", "FloatStorage", claimed, values.bytes());
    View view = new View(claims, 0, List.of(1L), List.of(1L));

    assertRefused(written(layout, Map.of("a", view)), reason);
  }

  @Test
  void read_ofStorageThatIsMissing_namesIt() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("x/data.pkl", pickle("checkpoint_ema_best.data.pkl"));

    assertRefused(CheckpointWriter.zip(entries), "it lacks the entry x/data/0");
  }

  @Test
  void read_ofArchiveCutOff_isRefused() throws IOException {
    byte[] file = CheckpointWriter.archive(Map.of("a", view("FloatStorage", 0)));

    assertRefused(Arrays.copyOf(file, file.length - 1), "the file is cut off or damaged");
  }

  @Test
  void read_ofLegacyFileCutOff_namesTheStorage() throws IOException {
    byte[] file = CheckpointWriter.legacy(Map.of("a", view("FloatStorage", 0)));

    assertRefused(Arrays.copyOf(file, file.length - 1), "it ends within its storage 0");
    assertRefused(Arrays.copyOf(file, file.length - 30), "it ends before its storage 0");
  }

  @Test
  void read_ofCompressedEntry_isRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("x/data.pkl"));
      zip.write(new byte[1 << 20]);
    }

    assertRefused(bytes.toByteArray(), "its entry x/data.pkl is compressed");
  }

  @Test
  void read_ofTwoEntriesOfOneName_namesThem() throws IOException {
    byte[] file = CheckpointWriter.zip(Map.of("x/data/0", new byte[4], "x/data/1", new byte[4]));
    byte[] renamed = CheckpointWriter.latin(text(file).replace("x/data/1", "x/data/0"));

    assertRefused(renamed, "it has the entry x/data/0 twice");
  }

  @Test
  void read_ofEntryInsideAnother_namesBoth() throws IOException {
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("x/data/1", new byte[8]);
    byte[] inner = CheckpointWriter.zip(entries);
    entries.clear();
    entries.put("x/data/0", inner);
    entries.put("x/data/1", new byte[8]);
    byte[] file = CheckpointWriter.zip(entries);
    // Where the directory says that x/data/1 starts, points into x/data/0.
    int second = text(file).lastIndexOf("PK\u0001\u0002");
    littleEndian(file).putInt(second + 42, text(file).indexOf("PK\u0003\u0004", 4));

    assertRefused(file, "its entries x/data/0 and x/data/1 overlap");
  }

  @Test
  void read_ofEntryWhoseHeaderNamesAnother_isRefused() throws IOException {
    byte[] file = CheckpointWriter.zip(Map.of("x/data/0", new byte[4]));
    file[30] = 'y';

    assertRefused(file, "its entry x/data/0 is not where the directory says");
  }

  @Test
  void read_ofChangedValue_isRefusedByItsChecksum() throws IOException {
    byte[] file = CheckpointWriter.archive(Map.of("a", view("FloatStorage", 0)));
    byte[] changed =
        CheckpointWriter.latin(
            text(file).replace("\u0000\u0000\u0080?", "\u0000\u0000\u0080\u00bf"));

    assertRefused(changed, "its entry archive/data/0 is damaged");
  }

  @Test
  void read_ofFileThatIsNoCheckpoint_isRefused() throws IOException {
    assertRefused(CheckpointWriter.latin("no archive"), "it begins as no file of torch.save does");
    assertRefused(new byte[0], "it begins as no file of torch.save does");
  }

  @Test
  void read_ofMissingFile_saysSo() {
    assertThatThrownBy(() -> TorchCheckpoint.read(folder.resolve("none.pt")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none.pt: no such file");
  }

  private static View view(String type, long offset) {
    Values floats = Values.floats("0", TWO_BY_THREE.values());
    Values values = new Values("0", type, TWO_BY_THREE.size(), floats.bytes());
    return new View(values, offset, List.of(2L, 3L), List.of(3L, 1L));
  }

  private static byte[] pickled(String pickle) {
    return CheckpointWriter.zip(Map.of("bad/data.pkl", CheckpointWriter.latin(pickle)));
  }

  private static byte[] written(String layout, Object root) {
    return layout.equals("legacy") ? CheckpointWriter.legacy(root) : CheckpointWriter.archive(root);
  }

  private void assertRefused(byte[] content, String reason) throws IOException {
    Path file = file(content);

    assertThatThrownBy(() -> TorchCheckpoint.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("checkpoint.pt is not a readable PyTorch checkpoint: ")
        .hasMessageContaining(reason)
        .hasMessageNotContaining("\n");
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("checkpoint.pt"), content);
  }

  /** Storages from a key on, with the values of the tensors in their order. */
  private static void putStorages(
      Map<String, byte[]> entries,
      String layout,
      int first,
      Weights weights,
      boolean half,
      int bytes) {
    int key = first;
    for (String name : weights.names()) {
      float[] values = weights.values(name);
      byte[] stored =
          bytes == 4
              ? floats(values)
              : half ? Values.halves("", values).bytes() : Values.upperHalves("", values).bytes();
      entries.put(layout + "/data/" + key, stored);
      key++;
    }
  }

  /** The order in which the published file keeps its storages: not that of the tensors. */
  private static List<String> legacyOrder(Weights weights) throws IOException {
    try {
      MemorySegment file = MemorySegment.ofArray(pickle("legacy_non_zip.pickles"));
      long at = 15;
      PickleReader.Pickle pickle = PickleReader.read(file.asSlice(at));
      List<String> mentioned = List.of();
      while (!(pickle.root() instanceof PickleValue.Sequence)) {
        at += pickle.bytes();
        mentioned =
            pickle.storages().isEmpty() ? mentioned : List.copyOf(pickle.storages().keySet());
        pickle = PickleReader.read(file.asSlice(at));
      }
      List<String> names = List.copyOf(weights.names());
      List<String> keys = mentioned;
      return ((PickleValue.Sequence) pickle.root())
          .items().stream()
              .map(key -> names.get(keys.indexOf(((PickleValue.Text) key).value())))
              .toList();
    } catch (RefusedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Weights scaled(Weights weights, float factor) {
    Weights scaled = weights;
    for (String name : weights.names()) {
      float[] values = weights.values(name);
      for (int i = 0; i < values.length; i++) {
        values[i] *= factor;
      }
      scaled = scaled.with(name, values);
    }
    return scaled;
  }

  private static void assertClose(float[] values, float[] expected, float relative) {
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      // Below float16's smallest normal number its spacing is constant.
      assertThat(Math.abs(values[i] - expected[i]))
          .isLessThanOrEqualTo(relative * Math.max(Math.abs(expected[i]), 0x1p-14f));
    }
  }

  private static byte[] floats(float[] values) {
    return Values.floats("", values).bytes();
  }

  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] pickle(String name) throws IOException {
    return Files.readAllBytes(reference("checkpoint_layouts_small_k4_w16_h2/" + name));
  }

  private static Path reference(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(TorchCheckpointTest.class.getResource("/reference/" + name))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
