package dev.blindsight.camera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.protocol.readout.SpecId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
  private static final ReadoutSpec SPEC = LinearModel.spec28();

  @TempDir Path directory;

  @Test
  void infer_readout_givesTheLogitsOfTheGraphAndTheirSoftmax() {
    byte[] values = values(3);
    try (Model model = LinearModel.grey28("m").load()) {
      Inference inference = model.infer(values);

      float[] expected = LinearModel.logits(values);
      for (int label = 0; label < 10; label++) {
        assertThat(inference.logits()[label]).isCloseTo(expected[label], within(1e-4f));
      }
      List<Candidate> labels = inference.classification().labels();
      assertThat(labels).extracting(Candidate::label).doesNotHaveDuplicates().hasSize(10);
      assertThat(labels.stream().mapToDouble(Candidate::probability).sum())
          .isCloseTo(1, within(1e-12));
      int best = indexOfLargest(expected);
      assertThat(inference.classification().top().label()).isEqualTo(Integer.toString(best));
      double sum = 0;
      for (float logit : inference.logits()) {
        sum += Math.exp(logit - inference.logits()[best]);
      }
      assertThat(inference.classification().top().probability()).isCloseTo(1 / sum, within(1e-9));
    }
  }

  @Test
  void infer_readoutAndItsBytes_agree() {
    byte[] values = values(5);
    try (Model model = LinearModel.grey28("m").load();
        Readout readout = readout(SPEC.id(), values.clone())) {
      assertThat(model.infer(readout)).isEqualTo(model.infer(values));
    }
  }

  @Test
  void infer_manyThreadsAtOnce_eachGetsItsOwnAnswer()
      throws InterruptedException, ExecutionException {
    try (Model model = LinearModel.grey28("m").load();
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<byte[]> readouts = new ArrayList<>();
      List<Callable<Inference>> tasks = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        byte[] values = values(i);
        readouts.add(values);
        tasks.add(() -> model.infer(values));
      }

      List<Future<Inference>> answers = threads.invokeAll(tasks);

      for (int i = 0; i < readouts.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(model.infer(readouts.get(i)));
      }
    }
  }

  @Test
  void infer_bundledModelSharedByThreads_givesTheLogitsOfOneThread()
      throws InterruptedException, ExecutionException {
    try (Model model = ModelSource.load(ModelSource.BUNDLED, InferenceSettings.standard());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<float[]> alone = new ArrayList<>();
      List<Callable<float[]>> tasks = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        byte[] values = values(i);
        alone.add(model.infer(values).logits());
        tasks.add(() -> {
          float[] logits = new float[10];
          model.infer(values, logits);
          return logits;
        });
      }

      List<Future<float[]>> together = threads.invokeAll(tasks);

      for (int i = 0; i < alone.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
    }
  }

  @Test
  void close_whileThreadsInferWithoutPause_endsEachWithAClearRefusal()
      throws InterruptedException, ExecutionException {
    byte[] values = values(2);
    CountDownLatch answered = new CountDownLatch(4);
    List<Future<Void>> loops = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4);
        Model model = ModelSource.load(ModelSource.BUNDLED, InferenceSettings.standard())) {
      float[] expected = model.infer(values).logits();
      for (int i = 0; i < 4; i++) {
        loops.add(
            threads.submit(() -> {
              float[] logits = new float[10];
              while (true) {
                model.infer(values, logits);
                assertThat(logits).isEqualTo(expected);
                answered.countDown();
              }
            }));
      }
      answered.await();
    }

    for (Future<Void> loop : loops) {
      assertThatThrownBy(loop::get)
          .hasCauseInstanceOf(InferenceException.class)
          .hasMessageContaining("has been closed");
    }
  }

  @Test
  void close_whileOthersInfer_letsThemFinishAndRefusesTheNext()
      throws InterruptedException, ExecutionException {
    Model model = LinearModel.grey28("m").load();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int number = i;
        tasks.add(() -> {
          if (number == 100) {
            model.close();
          }
          try {
            return model.infer(values(number)).logits().length == 10;
          } catch (InferenceException e) {
            return e.getMessage().contains("has been closed");
          }
        });
      }

      for (Future<Boolean> outcome : threads.invokeAll(tasks)) {
        assertThat(outcome.get()).isTrue();
      }
    }
    assertThatThrownBy(() -> model.infer(values(1)))
        .isInstanceOf(InferenceException.class)
        .hasMessage("model m has been closed");
    model.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9, 10, 11, Integer.MAX_VALUE})
  void classify_most_givesTheFirstOfAllLabels(int most) {
    try (Model model = LinearModel.grey28("m").load();
        Readout readout = readout(SPEC.id(), values(4))) {
      List<Candidate> all = model.infer(values(4)).classification().labels();

      List<Candidate> few = model.classify(values(4), most).labels();

      assertThat(few).isEqualTo(all.subList(0, Math.min(most, 10)));
      assertThat(model.classify(readout, most).labels()).isEqualTo(few);
      assertThat(all)
          .isSortedAccordingTo(Comparator.comparingDouble(Candidate::probability).reversed());
    }
  }

  @Test
  void infer_allLogitsEqual_ranksInTheOrderOfTheLabels() {
    try (Model model = LinearModel.grey28("m").load()) {
      assertThat(model.infer(new byte[78]).classification().labels())
          .extracting(Candidate::label)
          .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }
  }

  @Test
  void infer_arrayOfAnotherSize_isRefused() {
    try (Model model = LinearModel.grey28("m").load()) {
      assertThatThrownBy(() -> model.infer(values(1), new float[9]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("room for 9 logits, model m gives 10");
    }
  }

  @Test
  void infer_closedReadout_isRefusedAndTheModelGoesOn() {
    Readout readout = readout(SPEC.id(), values(1));
    readout.close();
    try (Model model = LinearModel.grey28("m").load()) {
      assertThatThrownBy(() -> model.infer(readout)).isInstanceOf(IllegalStateException.class);
      assertThat(model.infer(values(1)).logits()).hasSize(10);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 77, 79})
  void infer_wrongLength_saysBothLengths(int length) {
    try (Model model = LinearModel.grey28("m").load()) {
      assertThatThrownBy(() -> model.infer(new byte[length]))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("the readout has %d bytes, model m takes 78".formatted(length));
    }
  }

  @Test
  void infer_readoutByAnotherSpec_saysBothSpecs() {
    SpecId other = ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, false).id();
    try (Model model = LinearModel.grey28("m").load();
        Readout readout = readout(other, values(1))) {
      assertThatThrownBy(() -> model.infer(readout))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(SPEC.id().abbreviated())
          .hasMessageContaining(other.abbreviated());
    }
  }

  @Test
  void load_missingFile_saysSo() {
    Path file = directory.resolve("none.onnx");

    assertThatThrownBy(() -> Model.load(file, InferenceSettings.standard()))
        .isInstanceOf(UserError.class)
        .hasMessage(file + ": no readable file: check the path");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 100, 1000, 3000})
  void load_cutShort_isOneClearLine(int length) throws IOException {
    Path file = directory.resolve("cut.onnx");
    Files.write(file, Arrays.copyOf(LinearModel.grey28("m").bytes(), length));

    assertThatThrownBy(() -> Model.load(file, InferenceSettings.standard()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageEndingWith("export the model again")
        .message()
        .hasLineCount(1);
  }

  @Test
  void load_noCard_saysSo() {
    assertThatThrownBy(() -> LinearModel.grey28("m").withCard(null).load())
        .isInstanceOf(UserError.class)
        .hasMessage("m: has no model card: export the model again");
  }

  @Test
  void load_cardThatIsNoCard_namesTheField() {
    assertThatThrownBy(() -> LinearModel.grey28("m").withCard("{\"version\":1}").load())
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("m: model card: ")
        .message()
        .hasLineCount(1);
  }

  @Test
  void load_cardOfAnotherSpec_saysWhatItDescribes() {
    ModelCard card = LinearModel.card("m", SPEC);
    String other = card.toJson().replace(card.spec().hex(), "0".repeat(64));

    assertThat(other).isNotEqualTo(card.toJson());
    assertThatThrownBy(() -> LinearModel.grey28("m").withCard(other).load())
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "spec is 000000000000, but the readout it describes is " + SPEC.id().abbreviated());
  }

  @Test
  void load_graphOfAnotherLength_saysWhatTheCardAsksFor() {
    assertThatThrownBy(() -> LinearModel.grey28("m").withGraphLength(77).load())
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "shape [-1, 77], the card asks for readout of type UINT8 and shape [batch, 78]");
  }

  @Test
  void bundled_model_answersReadoutsOfTheDemo() {
    try (Model model = ModelSource.load(ModelSource.BUNDLED, InferenceSettings.standard())) {
      assertThat(model.card().spec()).isEqualTo(SPEC.id());
      assertThat(model.infer(values(1)).classification().labels()).hasSize(10);
    }
  }

  @Test
  void bundled_int8Model_recognisesNearlyAsManyOfTheDemosPictures() throws IOException {
    assertThat(recognised(ModelSource.BUNDLED_INT8))
        .isBetween(recognised(ModelSource.BUNDLED) - 6, 400);
  }

  /** Of the 400 pictures of the demo, how many a model names rightly. */
  private static int recognised(String model) throws IOException {
    String folder = "/dev/blindsight/camera/demo/first-400-";
    try (Model loaded = ModelSource.load(model, InferenceSettings.standard());
        InputStream pictures = unpacked(folder + "images-idx3-ubyte.gz", 16);
        InputStream labels = unpacked(folder + "labels-idx1-ubyte.gz", 8)) {
      int right = 0;
      for (int i = 0; i < 400; i++) {
        byte[] picture = pictures.readNBytes(28 * 28);
        byte[] values = SPEC.acquire(channel -> Byte.toUnsignedInt(picture[channel]));
        right += indexOfLargest(loaded.infer(values).logits()) == labels.read() ? 1 : 0;
      }
      return right;
    }
  }

  private static InputStream unpacked(String resource, int header) throws IOException {
    InputStream stream =
        new GZIPInputStream(Objects.requireNonNull(ModelTest.class.getResourceAsStream(resource)));
    stream.skipNBytes(header);
    return stream;
  }

  private static byte[] values(long seed) {
    byte[] values = new byte[SPEC.length()];
    new Random(seed).nextBytes(values);
    return values;
  }

  private static Readout readout(SpecId spec, byte[] values) {
    return new Readout("device", 0, Instant.EPOCH, spec, GuaranteeLevel.ADDRESSED, values);
  }

  private static int indexOfLargest(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      best = values[i] > values[best] ? i : best;
    }
    return best;
  }
}
