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

  @Test
  void infer_wrongNumberOfReadouts_saysHowMany() {
    try (Model model = LinearModel.grey28("m").load();
        ReadoutBatch batch = model.batch(3)) {
      assertThatThrownBy(() -> batch.infer(readouts(2, 78)))
          .isInstanceOf(UserError.class)
          .hasMessage("2 readouts for a batch of 3: give 3");
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
