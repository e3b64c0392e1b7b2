package dev.blindsight.trainer.train;

import org.jspecify.annotations.Nullable;

/**
 * One line of {@code metrics.jsonl}.
 *
 * @param epoch from 1
 * @param steps optimiser steps so far
 * @param loss mean over the epoch's steps, smoothing included
 * @param learningRate of the epoch's last step
 * @param gradientNorm of the epoch's last step, before clipping
 * @param validation share of validation pictures the present weights get right; absent without such
 *     pictures
 * @param validationAveraged the same for the averaged weights
 * @param seconds the epoch took, validation included
 * @param waitedSeconds of these spent waiting for samples
 */
public record EpochMetrics(
    int epoch,
    long steps,
    double loss,
    double learningRate,
    double gradientNorm,
    @Nullable Double validation,
    @Nullable Double validationAveraged,
    double seconds,
    double waitedSeconds) {}
