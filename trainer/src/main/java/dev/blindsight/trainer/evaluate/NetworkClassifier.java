package dev.blindsight.trainer.evaluate;

import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.byteformer.ByteFormerNetwork;
import dev.blindsight.trainer.byteformer.TrainingOptions;
import dev.blindsight.trainer.byteformer.TrainingOptions.Precision;
import dev.blindsight.trainer.byteformer.Weights;

/** A trained network that answers in float32, with nothing dropped. */
public final class NetworkClassifier implements Classifier {
  private final ByteFormerNetwork network;

  /**
   * @param weights that expect permuted bytes
   * @param threads for PyTorch's operators, 0 for its own choice
   */
  public NetworkClassifier(
      ByteFormerArchitecture architecture, int inputLength, Weights weights, int threads) {
    this.network =
        new ByteFormerNetwork(
            architecture,
            inputLength,
            weights,
            new TrainingOptions(Precision.FLOAT32, 0, 0, 0, threads));
  }

  @Override
  public float[][] logits(byte[][] readouts) {
    return network.logits(readouts);
  }

  @Override
  public void close() {
    network.close();
  }
}
