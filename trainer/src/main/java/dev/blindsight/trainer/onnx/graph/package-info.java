/**
 * A small typed builder of ONNX graphs: values know their element type and shape, every operator
 * checks what it is given, and equal constants are stored once.
 */
@NullMarked
package dev.blindsight.trainer.onnx.graph;

import org.jspecify.annotations.NullMarked;
