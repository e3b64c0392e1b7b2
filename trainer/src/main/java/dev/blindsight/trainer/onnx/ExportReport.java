package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.readout.SpecId;

/**
 * What an export wrote.
 *
 * @param bytes size of the model file
 * @param parameters of the network, as trained
 * @param maximumDifference the largest absolute difference of a logit from the trained network's
 * @param readouts how many readouts were compared
 * @param spec the readout spec that the model is for
 */
public record ExportReport(
    long bytes, long parameters, double maximumDifference, int readouts, SpecId spec) {}
