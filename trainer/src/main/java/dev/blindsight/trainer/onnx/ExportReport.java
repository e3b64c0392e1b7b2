package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.readout.SpecId;
import org.jspecify.annotations.Nullable;

/**
 * What an export wrote.
 *
 * @param bytes size of the model file
 * @param parameters of the network, as trained
 * @param maximumDifference the largest absolute difference of a logit from the trained network's,
 *     of the graph in 32-bit floats
 * @param readouts how many readouts were compared
 * @param agreement of an int8 model with the same network in floats; null for fp32
 * @param spec the readout spec that the model is for
 */
public record ExportReport(
    long bytes,
    long parameters,
    double maximumDifference,
    int readouts,
    @Nullable Agreement agreement,
    SpecId spec) {}
