package dev.blindsight.trainer.onnx;

/**
 * A scale and an offset for each channel, {@code x · scale + offset}: the second half of a layer
 * norm, which need not be computed where an affine map of all channels follows and takes it in.
 *
 * @param scale one for each channel; written by nobody
 * @param offset one for each channel; written by nobody
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ChannelMap(float[] scale, float[] offset) {}
