@NullMarked
package dev.blindsight.trainer.onnx;

import org.jspecify.annotations.NullMarked;
