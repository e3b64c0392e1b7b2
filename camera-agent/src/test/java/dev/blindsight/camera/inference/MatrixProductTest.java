package dev.blindsight.camera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MatrixProductTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 5, 7", "64, 33, 48"})
  void multiply_anyShape_isTheProductOfItsMatrices(int rows, int inner, int columns) {
    float[] left = MatrixProductGraph.values(rows * inner);
    float[] right = MatrixProductGraph.values(inner * columns);
    try (MatrixProduct product =
            MatrixProduct.open(rows, inner, columns, InferenceSettings.standard());
        MatrixProduct.Run run = product.run()) {
      run.multiply();

      assertThat(product.multiplyAdds()).isEqualTo((long) rows * inner * columns);
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          double expected = 0;
          for (int i = 0; i < inner; i++) {
            expected += left[row * inner + i] * right[i * columns + column];
          }
          assertThat((double) run.result(row, column)).isCloseTo(expected, within(1e-4));
        }
      }
    }
  }
}
