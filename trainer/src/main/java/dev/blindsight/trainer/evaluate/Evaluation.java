package dev.blindsight.trainer.evaluate;

import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.trainer.data.Pictures;
import dev.blindsight.trainer.data.Split;
import dev.blindsight.trainer.recipe.DatasetSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How often a model was right.
 *
 * @param dataset what it was measured on
 * @param split which part of it
 * @param pictures how many pictures
 * @param correct how many were recognised
 * @param accuracy their share, 0..1
 * @param labels the classes, in the order of the matrix
 * @param perClass the same for each class
 * @param confusion how many pictures of each class (outer list) got each answer (inner list)
 */
public record Evaluation(
    String dataset,
    String split,
    int pictures,
    int correct,
    double accuracy,
    List<String> labels,
    List<ClassAccuracy> perClass,
    List<List<Integer>> confusion) {
  private static final int BATCH = 256;
  private static final int LABEL_WIDTH = 16;

  /**
   * Shows every picture to a model the way a device does: exposed, masked and permuted by the
   * readout spec.
   *
   * @param pictures at least one
   * @param split which part of the data set they are
   */
  public static Evaluation measure(
      Classifier classifier,
      ReadoutSpec spec,
      Pictures pictures,
      DatasetSource dataset,
      Split split) {
    int classes = dataset.labels().size();
    int[][] confusion = new int[classes][classes];
    for (int first = 0; first < pictures.size(); first += BATCH) {
      int count = Math.min(BATCH, pictures.size() - first);
      byte[][] readouts = new byte[count][];
      for (int i = 0; i < count; i++) {
        readouts[i] = spec.acquire(pictures.exposure(first + i));
      }
      float[][] logits = classifier.logits(readouts);
      for (int i = 0; i < count; i++) {
        confusion[pictures.label(first + i)][largest(logits[i])]++;
      }
    }
    return of(dataset, split, confusion);
  }

  private static Evaluation of(DatasetSource dataset, Split split, int[][] confusion) {
    List<String> labels = dataset.labels();
    int pictures = Arrays.stream(confusion).flatMapToInt(Arrays::stream).sum();
    int correct = IntStream.range(0, labels.size()).map(i -> confusion[i][i]).sum();
    List<ClassAccuracy> perClass = new ArrayList<>();
    for (int label = 0; label < labels.size(); label++) {
      int column = label;
      int shown = Arrays.stream(confusion[label]).sum();
      int answered = Arrays.stream(confusion).mapToInt(row -> row[column]).sum();
      int right = confusion[label][label];
      perClass.add(
          new ClassAccuracy(labels.get(label), shown, share(right, shown), share(right, answered)));
    }
    return new Evaluation(
        dataset.name(),
        split.label(),
        pictures,
        correct,
        share(correct, pictures),
        labels,
        perClass,
        Arrays.stream(confusion).map(row -> Arrays.stream(row).boxed().toList()).toList());
  }

  private static double share(int part, int whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }

  private static int largest(float[] logits) {
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      if (logits[i] > logits[best]) {
        best = i;
      }
    }
    return best;
  }

  /** One JSON object on one line. */
  public String toJson() {
    return StrictMapper.json().write(this);
  }

  /** A table for people. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s, %s split: %d of %d pictures recognised, %.2f %%%n%n"
            .formatted(dataset, split, correct, pictures, 100 * accuracy));
    text.append("%-16s %8s %8s %9s%n".formatted("class", "pictures", "recall", "precision"));
    for (ClassAccuracy entry : perClass) {
      text.append(
          "%-16s %8d %6.1f %% %7.1f %%%n"
              .formatted(
                  shortened(entry.label()),
                  entry.pictures(),
                  100 * entry.recall(),
                  100 * entry.precision()));
    }
    text.append("%nRows: what was shown. Columns: what was answered.%n%-16s".formatted(""));
    for (int column = 0; column < labels.size(); column++) {
      text.append("%6d".formatted(column));
    }
    text.append('\n');
    for (int row = 0; row < labels.size(); row++) {
      text.append("%3d %-12s".formatted(row, shortened(labels.get(row), LABEL_WIDTH - 4)));
      confusion.get(row).forEach(count -> text.append("%6d".formatted(count)));
      text.append('\n');
    }
    return text.toString();
  }

  private static String shortened(String label) {
    return shortened(label, LABEL_WIDTH);
  }

  private static String shortened(String label, int longest) {
    return label.length() <= longest ? label : label.substring(0, longest);
  }
}
