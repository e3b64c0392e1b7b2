package dev.blindsight.camera.bench;

import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.MatrixProduct;

/** One large product of matrices: the most that ONNX Runtime gets out of this machine. */
final class MatrixWorkload implements Workload {
  private final Size size;
  private final MatrixProduct product;

  MatrixWorkload(Size size, int threads) {
    this.size = size;
    this.product =
        MatrixProduct.open(size.rows, size.inner, size.columns, new InferenceSettings(threads));
  }

  /** {@code [rows, inner] x [inner, columns]}. */
  record Size(int rows, int inner, int columns) {
    @Override
    public String toString() {
      return "%dx%dx%d".formatted(rows, inner, columns);
    }
  }

  Size size() {
    return size;
  }

  @Override
  public String name() {
    return "GEMM " + size;
  }

  @Override
  public long multiplyAdds() {
    return product.multiplyAdds();
  }

  @Override
  public Task task(int worker) {
    MatrixProduct.Run run = product.run();
    return new Task() {
      @Override
      public void run() {
        run.multiply();
      }

      @Override
      public void close() {
        run.close();
      }
    };
  }

  @Override
  public void close() {
    product.close();
  }
}
