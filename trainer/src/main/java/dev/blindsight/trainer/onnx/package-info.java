/**
 * Writes a trained ByteFormer as an ONNX model: {@link dev.blindsight.trainer.onnx.FastGraph} for
 * the camera, one class for each stage of the network, and {@link
 * dev.blindsight.trainer.onnx.NaiveGraph} to compare it with.
 */
@NullMarked
package dev.blindsight.trainer.onnx;

import org.jspecify.annotations.NullMarked;
