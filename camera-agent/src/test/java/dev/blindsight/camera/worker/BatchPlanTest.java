package dev.blindsight.camera.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSource;
import org.junit.jupiter.api.Test;

class BatchPlanTest {
  @Test
  void measure_anyModel_staysWithinWhatIsWanted() {
    try (Model model = ModelSource.load(ModelSource.BUNDLED, InferenceSettings.standard())) {
      BatchPlan plan = BatchPlan.measure(model, 8);

      assertThat(plan.largest()).isBetween(1, 8);
      assertThat(plan.single()).isPositive();
    }
  }

  @Test
  void measure_oneWanted_givesOne() {
    try (Model model = LinearModel.grey28("m").load()) {
      assertThat(BatchPlan.measure(model, 1).largest()).isEqualTo(1);
    }
  }
}
