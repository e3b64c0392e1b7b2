package dev.blindsight.camera.bench;

import dev.blindsight.camera.inference.ReadoutBatch;
import dev.blindsight.protocol.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is compared, and how.
 *
 * @param models what a person writes for each: a path, or bundled; at least one, no two alike
 * @param baseline the model that ratios are against, one of the models or another; null for the
 *     first
 * @param threads that share the work of one inference, 1..256
 * @param workers callers that run one session at once, 1..256
 * @param batch readouts in one run, 1..1024
 * @param measuring how long each model is measured, more than nothing, at most an hour
 */
public record BenchSettings(
    List<String> models,
    @Nullable String baseline,
    int threads,
    int workers,
    int batch,
    Duration measuring) {
  private static final int MOST_MODELS = 64;
  private static final int MOST_THREADS = 256;
  private static final Duration LONGEST = Duration.ofHours(1);

  /**
   * @throws UserError when something is out of range, or a model is named twice
   */
  public BenchSettings {
    models = List.copyOf(models);
    if (models.isEmpty() || models.size() > MOST_MODELS) {
      throw new UserError(
          "--model names %d models: name 1 to %d".formatted(models.size(), MOST_MODELS));
    }
    Set<String> seen = new HashSet<>();
    for (String model : models) {
      if (!seen.add(model)) {
        throw new UserError("--model names %s twice: name each model once".formatted(model));
      }
    }
    requireRange("--threads", threads, MOST_THREADS);
    requireRange("--workers", workers, MOST_THREADS);
    requireRange("--batch", batch, ReadoutBatch.LARGEST);
    if (!measuring.isPositive() || measuring.compareTo(LONGEST) > 0) {
      throw new UserError(
          "--seconds is %d: give a number from 1 to %d"
              .formatted(measuring.toSeconds(), LONGEST.toSeconds()));
    }
  }

  /** All that are measured: the models as they were named, then the baseline if it is another. */
  List<String> measured() {
    List<String> all = new ArrayList<>(models);
    if (baseline != null && !models.contains(baseline)) {
      all.add(baseline);
    }
    return List.copyOf(all);
  }

  /** The model that ratios are against. */
  String reference() {
    return baseline == null ? models.getFirst() : baseline;
  }

  private static void requireRange(String option, int value, int largest) {
    if (value < 1 || value > largest) {
      throw new UserError("%s is %d: give a number from 1 to %d".formatted(option, value, largest));
    }
  }
}
