/** Models and the ONNX Runtime sessions that answer readouts with classifications. */
@NullMarked
package dev.blindsight.camera.inference;

import org.jspecify.annotations.NullMarked;
