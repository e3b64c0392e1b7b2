package dev.blindsight.trainer.corenet;

import dev.blindsight.protocol.UserError;
import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.byteformer.Tensor;
import dev.blindsight.trainer.byteformer.Weights;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the tensors of a ByteFormer tell about it.
 *
 * @param width of a token
 * @param layers transformer blocks
 * @param feedForwardSize hidden width of a block's feed-forward part
 * @param kernelSize bytes seen by one token
 * @param positions rows of the position table
 * @param classes outputs
 * @param downsample after which blocks pairs of tokens are merged
 */
record NetworkShape(
    int width,
    int layers,
    int feedForwardSize,
    int kernelSize,
    int positions,
    int classes,
    List<Boolean> downsample) {

  /**
   * Looks at one tensor for each size; whether all others agree is the architecture's to tell.
   *
   * @throws UserError when such a tensor is missing or has other dimensions than a ByteFormer's
   */
  static NetworkShape of(Weights weights) {
    int layers = 0;
    while (weights.names().contains(ParameterNames.weight(ParameterNames.attentionNorm(layers)))) {
      layers++;
    }
    String expansion = ParameterNames.weight(ParameterNames.feedForwardExpansion(0));
    String classifier = ParameterNames.weight(ParameterNames.CLASSIFIER);
    return new NetworkShape(
        size(weights, ParameterNames.EMBEDDINGS, 2, 1),
        layers,
        size(weights, expansion, 2, 0),
        size(weights, ParameterNames.CONVOLUTION, 3, 2),
        size(weights, ParameterNames.POSITIONS, 4, 2),
        size(weights, classifier, 2, 0),
        IntStream.range(0, layers)
            .mapToObj(layer ->
                weights.names().contains(ParameterNames.weight(ParameterNames.merge(layer))))
            .toList());
  }

  private static int size(Weights weights, String name, int dimensions, int dimension) {
    if (!weights.names().contains(name)) {
      throw new UserError("lacks the tensor %s: give the weights of a ByteFormer".formatted(name));
    }
    Tensor tensor = weights.tensor(name);
    if (tensor.shape().size() != dimensions) {
      throw new UserError(
          "tensor %s has shape %s, not %d dimensions: give the weights of a ByteFormer"
              .formatted(name, tensor.shape(), dimensions));
    }
    return tensor.shape().get(dimension);
  }
}
