package dev.blindsight.camera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.protocol.UserError;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadoutBatchTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 32})
  void infer_batchOfTheBundledModel_answersAsOneByOne(int size) {
    try (Model model = ModelSource.load(ModelSource.BUNDLED, new InferenceSettings(2));
        ReadoutBatch batch = model.batch(size)) {
      List<byte[]> readouts = readouts(size, model.card().inputLength());

      // Twice: the first run must leave nothing behind.
      batch.infer(readouts.reversed());
      List<float[]> answers = batch.infer(readouts);

      assertThat(answers).hasSize(size);
      for (int i = 0; i < size; i++) {
        assertThat(answers.get(i))
            .containsExactly(model.infer(readouts.get(i)).logits(), within(1e-5f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ModelSource.BUNDLED, ModelSource.BUNDLED_INT8})
  void infer_anyNumberThereIsRoomFor_answersAsOneByOne(String source) {
    try (Model model = ModelSource.load(source, InferenceSettings.standard());
        ReadoutBatch batch = model.batch(8)) {
      List<byte[]> readouts = readouts(8, model.card().inputLength());
      List<float[]> singly = readouts.stream().map(values -> model.infer(values).logits()).toList();

      for (int count : List.of(8, 1, 5, 8, 2, 5)) {
        List<float[]> answers = batch.infer(readouts.subList(0, count));

        assertThat(answers).hasSize(count);
        for (int i = 0; i < count; i++) {
          assertThat(answers.get(i)).containsExactly(singly.get(i), within(1e-5f));
        }
      }
    }
  }

  @Test
  void classify_batch_givesTheLikeliestOfEach() {
    try (Model model = ModelSource.load(ModelSource.BUNDLED, InferenceSettings.standard());
        ReadoutBatch batch = model.batch(4)) {
      List<byte[]> readouts = readouts(3, model.card().inputLength());

      List<Classification> answers = batch.classify(readouts, 2);

      assertThat(answers).hasSize(3);
      for (int i = 0; i < 3; i++) {
        Classification single = model.classify(readouts.get(i), 2);
        assertThat(answers.get(i).labels()).hasSize(2);
        assertThat(answers.get(i).top().label()).isEqualTo(single.top().label());
        assertThat(answers.get(i).top().probability())
            .isCloseTo(single.top().probability(), within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4})
  void infer_noneOrTooManyReadouts_saysHowMany(int count) {
    try (Model model = LinearModel.grey28("m").load();
        ReadoutBatch batch = model.batch(3)) {
      assertThatThrownBy(() -> batch.infer(readouts(count, 78)))
          .isInstanceOf(UserError.class)
          .hasMessage("%d readouts for a batch of 3: give 1 to 3".formatted(count));
    }
  }

  @Test
  void infer_oneReadoutOfWrongLength_saysBothLengths() {
    try (Model model = LinearModel.grey28("m").load();
        ReadoutBatch batch = model.batch(2)) {
      assertThatThrownBy(() -> batch.infer(List.of(new byte[78], new byte[77])))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("has 77 bytes, model m takes 78");
    }
  }

  @Test
  void infer_afterTheModelWasClosed_isRefused() {
    Model model = LinearModel.grey28("m").load();
    try (ReadoutBatch batch = model.batch(2)) {
      model.close();

      assertThatThrownBy(() -> batch.infer(readouts(2, 78)))
          .isInstanceOf(InferenceException.class)
          .hasMessage("model m has been closed");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1025})
  void batch_sizeOutOfRange_saysTheRange(int size) {
    try (Model model = LinearModel.grey28("m").load()) {
      assertThatThrownBy(() -> model.batch(size))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("give a number from 1 to 1024");
    }
  }

  private static List<byte[]> readouts(int count, int length) {
    Random random = new Random(11);
    List<byte[]> readouts = Stream.generate(() -> new byte[length]).limit(count).toList();
    readouts.forEach(random::nextBytes);
    return readouts;
  }
}
