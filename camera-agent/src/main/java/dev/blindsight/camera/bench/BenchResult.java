package dev.blindsight.camera.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one model.
 *
 * @param model what it was named on the command line
 * @param variant the form of its graph, fast or naive; unknown for files that do not tell
 * @param precision of its matrix products, fp32 or int8; unknown for files that do not tell
 * @param threads that shared the work of one run
 * @param workers callers that ran the session at once
 * @param batch readouts in one run
 * @param medianMs the median time of one run, in milliseconds
 * @param p99Ms the time that 99 % of the runs did not exceed
 * @param readoutsPerSecond of all workers together: the median over the blocks
 * @param gflops 10^9 floating-point operations of the matrix products a second, of all workers; of
 *     files that do not tell their graph, those of the published network, which may be more than
 *     are done
 * @param gemmPeakGflops the same of a single large matrix product in the same rounds
 * @param gemmPeakShare gflops / gemmPeakGflops
 * @param ratioToBaseline the time of a run over the baseline's: the median over the rounds
 * @param ratioNoise the distance of the quartiles of the rounds' ratios, over their median
 * @param noise the same of this model's blocks
 * @param gemmPeakNoise the same of the GEMM peak's blocks
 * @param othersShare what other processes had of all processors in the rounds, 0..1; null where the
 *     system does not tell
 * @param trust what the baseline's noise, the peak's and the others make of the run
 * @param samples runs that were timed
 * @param rounds blocks they were timed in
 * @param rssMb memory of a process that does nothing but run this model, in 10^6 bytes; null where
 *     the system does not tell
 * @param peakRssMb the most it was, loading included
 * @param loadMs how long loading the model takes in that process the second time, when classes and
 *     ONNX Runtime are there already, in milliseconds
 * @param firstAnswerMs from that process's start to its first answer, in milliseconds
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record BenchResult(
    String model,
    String variant,
    String precision,
    int threads,
    int workers,
    int batch,
    double medianMs,
    double p99Ms,
    double readoutsPerSecond,
    double gflops,
    double gemmPeakGflops,
    double gemmPeakShare,
    double ratioToBaseline,
    double ratioNoise,
    double noise,
    double gemmPeakNoise,
    @Nullable Double othersShare,
    Trust trust,
    long samples,
    int rounds,
    @Nullable Double rssMb,
    @Nullable Double peakRssMb,
    @Nullable Double loadMs,
    @Nullable Double firstAnswerMs) {}
