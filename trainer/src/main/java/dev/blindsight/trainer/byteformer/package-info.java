/**
 * The ByteFormer network: its weights, the TorchScript program that trains it and a plain-Java
 * forward pass that judges every other implementation.
 */
@NullMarked
package dev.blindsight.trainer.byteformer;

import org.jspecify.annotations.NullMarked;
