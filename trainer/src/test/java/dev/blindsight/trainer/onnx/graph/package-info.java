@NullMarked
package dev.blindsight.trainer.onnx.graph;

import org.jspecify.annotations.NullMarked;
