package dev.blindsight.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class AffineMapTest {
  private static final int INPUTS = 5;
  private static final int OUTPUTS = 6;

  private final Random random = new Random(3);
  private final AffineMap map =
      new AffineMap(INPUTS, OUTPUTS, floats(INPUTS * OUTPUTS), floats(OUTPUTS));
  private final float[] row = floats(INPUTS);

  @Test
  void after_channelMap_givesWhatBothGive() {
    ChannelMap first = new ChannelMap(floats(INPUTS), floats(INPUTS));
    float[] between = new float[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      between[i] = row[i] * first.scale()[i] + first.offset()[i];
    }

    assertThat(apply(map.after(first), row)).containsExactly(apply(map, between), within(1e-5f));
  }

  @Test
  void times_factor_multipliesImages() {
    float[] expected = apply(map, row);
    for (int i = 0; i < OUTPUTS; i++) {
      expected[i] *= 1.702f;
    }

    assertThat(apply(map.times(1.702), row)).containsExactly(expected, within(1e-5f));
  }

  @Test
  void ofMultiples_factor_takesMultipliedRows() {
    float[] multiplied = row.clone();
    for (int i = 0; i < INPUTS; i++) {
      multiplied[i] *= 1.702f;
    }

    assertThat(apply(map.ofMultiples(1.702), multiplied))
        .containsExactly(apply(map, row), within(1e-5f));
  }

  @Test
  void columns_middle_givesThoseOutputs() {
    float[] all = apply(map, row);

    assertThat(apply(map.columns(2, 5), row)).containsExactly(all[2], all[3], all[4]);
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] apply(AffineMap map, float[] row) {
    float[] result = map.bias().clone();
    for (int in = 0; in < map.inputs(); in++) {
      for (int out = 0; out < map.outputs(); out++) {
        result[out] += row[in] * map.weight()[in * map.outputs() + out];
      }
    }
    return result;
  }
}
