package dev.blindsight.trainer.onnx.graph;

/**
 * A tensor that flows through a graph: an input, a constant, or what a node puts out.
 *
 * @param name unique in its graph
 * @param type of the elements
 * @param shape of the tensor
 */
public record Value(String name, ElementType type, Shape shape) {
  @Override
  public String toString() {
    return name + shape;
  }
}
