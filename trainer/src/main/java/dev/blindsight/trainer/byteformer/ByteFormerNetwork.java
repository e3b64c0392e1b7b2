package dev.blindsight.trainer.byteformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.byteformer.TorchScriptSource.Padding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The network as it is trained: a TorchScript program written from the architecture, run under
 * DJL's PyTorch engine.
 *
 * <p>Weights, their gradient's moments and their moving average live in native memory until {@link
 * #close()}. One step (forward, soft-label cross-entropy, backward, clipping, AdamW, average) is a
 * single call. All randomness of a step derives from the seed and the number of the step. Not safe
 * for use by several threads at once.
 */
public final class ByteFormerNetwork implements AutoCloseable {

  private static final int PADDING_TOKEN = 256;
  private static final double FIRST_BETA = 0.9;
  private static final double SECOND_BETA = 0.999;
  private static final double ADAM_EPSILON = 1e-8;

  private final ByteFormerArchitecture architecture;
  private final int inputLength;
  private final TrainingOptions options;
  private final ParameterLayout layout;
  private final NDManager memory;
  private final TorchProgram program;
  private @Nullable TorchProgram paddedProgram;

  private final NDList weights;
  private final NDList means;
  private final NDList squares;
  private final NDList averages;
  private final NDList counts;
  private long steps;
  private long seed;
  private double gradientNorm = Double.NaN;

  /**
   * Makes the network.
   *
   * @param inputLength values of a readout, at least the kernel's size
   * @param start the weights to begin with; the moving average begins there too
   * @throws dev.blindsight.protocol.UserError when the length does not suit the architecture
   * @throws IllegalArgumentException when the weights do not fit the architecture
   */
  public ByteFormerNetwork(
      ByteFormerArchitecture architecture,
      int inputLength,
      Weights start,
      TrainingOptions options) {
    start.requireFit(architecture);
    this.architecture = architecture;
    this.inputLength = inputLength;
    this.options = options;
    this.layout = ParameterLayout.of(architecture);
    String source = TorchScriptSource.of(architecture, inputLength, options, Padding.NONE);
    this.memory = TorchEngine.open();
    if (options.threads() > 0) {
      TorchEngine.useThreads(options.threads());
    }
    this.program = new TorchProgram(source);
    this.weights = vectors("weights", start);
    weights.forEach(vector -> vector.setRequiresGradient(true));
    this.averages = vectors("averages", start);
    this.means = zeros("means");
    this.squares = zeros("squares");
    this.counts = new NDList();
    for (int group = 0; group < layout.groups().size(); group++) {
      counts.add(named("steps", memory.create(0f)));
    }
  }

  /**
   * The logits of whole readouts.
   *
   * @param readouts each of the network's input length
   * @return for each readout one logit for each class
   */
  public float[][] logits(byte[][] readouts) {
    int[] tokens = new int[Math.multiplyExact(readouts.length, inputLength)];
    for (int sample = 0; sample < readouts.length; sample++) {
      if (readouts[sample].length != inputLength) {
        throw new IllegalArgumentException(
            "readout %d has %d values where the network takes %d"
                .formatted(sample, readouts[sample].length, inputLength));
      }
      for (int i = 0; i < inputLength; i++) {
        tokens[sample * inputLength + i] = Byte.toUnsignedInt(readouts[sample][i]);
      }
    }
    return logits(tokens, readouts.length);
  }

  /**
   * The logits of a batch, nothing dropped.
   *
   * @param tokens batch × input length values 0..255, or 256 for padding at a sample's end
   * @param batch number of samples, at least 1
   * @return for each sample one logit for each class
   */
  public float[][] logits(int[] tokens, int batch) {
    try (NDManager scope = scope()) {
      NDArray result = forward(scope, "logits", tokens, batch).head();
      float[] flat = result.toFloatArray();
      float[][] logits = new float[batch][architecture.classes()];
      for (int sample = 0; sample < batch; sample++) {
        System.arraycopy(
            flat, sample * architecture.classes(), logits[sample], 0, architecture.classes());
      }
      return logits;
    }
  }

  /**
   * What each stage of the network makes of one sample.
   *
   * @param tokens input length values 0..256
   * @return named stages in their order: {@code embedded}, {@code conv}, {@code conv+pos}, {@code
   *     block_i}, {@code downsample_i}, {@code post_norm}, {@code pooled}, {@code logits}; each [1,
   *     sequence, channel] or [1, channel]
   */
  SequencedMap<String, Tensor> trace(int[] tokens) {
    try (NDManager scope = scope()) {
      NDList stages = forward(scope, "trace", tokens, 1);
      List<String> names = TorchScriptSource.traceNames(architecture);
      SequencedMap<String, Tensor> traced = new LinkedHashMap<>();
      for (int stage = 0; stage < names.size(); stage++) {
        NDArray array = stages.get(stage);
        List<Integer> shape = new ArrayList<>();
        for (long dimension : array.getShape().getShape()) {
          shape.add(Math.toIntExact(dimension));
        }
        traced.put(names.get(stage), Tensor.owning(shape, array.toFloatArray()));
      }
      return traced;
    }
  }

  /**
   * Takes one optimiser step.
   *
   * @param tokens batch × input length values 0..255, or 256 for padding at a sample's end
   * @param targets batch × classes, each sample's class probabilities before label smoothing
   * @param batch number of samples, at least 1
   * @return mean cross-entropy of the batch before the step, smoothing included; not a number or
   *     infinite when training has diverged
   */
  public double step(int[] tokens, float[] targets, int batch, StepOptions step) {
    if (targets.length != (long) batch * architecture.classes()) {
      throw new IllegalArgumentException(
          "%d target values for %d samples of %d classes"
              .formatted(targets.length, batch, architecture.classes()));
    }
    try (NDManager scope = scope()) {
      double[] settings = {
        step.learningRate(),
        step.weightDecay(),
        1 - step.emaDecay(),
        step.gradientClip(),
        FIRST_BETA,
        SECOND_BETA,
        ADAM_EPSILON
      };
      NDList arguments =
          new NDList(
              tokens(scope, tokens, batch),
              scope.create(targets, new Shape(batch, architecture.classes())),
              scope.create(settings),
              scope.create(stepSeed()));
      for (NDList group : List.of(weights, means, squares, averages, counts)) {
        arguments.addAll(group);
      }
      float[] result = program(tokens).call(scope, "step", arguments).head().toFloatArray();
      steps++;
      gradientNorm = result[1];
      return result[0];
    }
  }

  /** Global norm of the last step's gradient before clipping; not a number before the first. */
  public double gradientNorm() {
    return gradientNorm;
  }

  /** Optimiser steps taken, restored ones included. */
  public long steps() {
    return steps;
  }

  /** A copy of the present weights. */
  public Weights weights() {
    return layout.gather(values(weights));
  }

  /** A copy of the moving average of the weights. */
  public Weights averaged() {
    return layout.gather(values(averages));
  }

  /** A copy of what the optimiser remembers. */
  public OptimiserState state() {
    return new OptimiserState(
        steps, seed, layout.gather(values(means)), layout.gather(values(squares)));
  }

  /**
   * Goes on where another training stopped; the weights are those given to the constructor.
   *
   * @param averaged the moving average at that time
   */
  public void restore(OptimiserState state, Weights averaged) {
    state.means().requireFit(architecture);
    state.squares().requireFit(architecture);
    averaged.requireFit(architecture);
    replace(means, vectors("means", state.means()));
    replace(squares, vectors("squares", state.squares()));
    replace(averages, vectors("averages", averaged));
    NDList restoredCounts = new NDList();
    counts.forEach(_ -> restoredCounts.add(named("steps", memory.create((float) state.steps()))));
    replace(counts, restoredCounts);
    steps = state.steps();
    seed = state.seed();
  }

  /** Sets the seed from which the randomness of all later steps is derived; 0 at first. */
  public void reseed(long newSeed) {
    seed = newSeed;
  }

  @Override
  public void close() {
    program.close();
    if (paddedProgram != null) {
      paddedProgram.close();
    }
    memory.close();
  }

  private NDList forward(NDManager scope, String method, int[] tokens, int batch) {
    NDList arguments = new NDList(tokens(scope, tokens, batch));
    for (NDArray vector : weights) {
      arguments.add(vector);
    }
    return program(tokens).call(scope, method, arguments);
  }

  /** Padding costs masks in every layer, so whole readouts have a program without. */
  private TorchProgram program(int[] tokens) {
    if (!invariant() || !hasPadding(tokens)) {
      return program;
    }
    TorchProgram padded = paddedProgram;
    if (padded == null) {
      padded =
          new TorchProgram(
              TorchScriptSource.of(architecture, inputLength, options, Padding.POSSIBLE));
      paddedProgram = padded;
    }
    return padded;
  }

  private boolean invariant() {
    return architecture.attention() == AttentionMode.BATCH_INVARIANT;
  }

  private static boolean hasPadding(int[] tokens) {
    for (int token : tokens) {
      if (token == PADDING_TOKEN) {
        return true;
      }
    }
    return false;
  }

  private NDArray tokens(NDManager scope, int[] tokens, int batch) {
    if (batch < 1 || tokens.length != (long) batch * inputLength) {
      throw new IllegalArgumentException(
          "%d values for %d samples of length %d".formatted(tokens.length, batch, inputLength));
    }
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < 0 || tokens[i] > PADDING_TOKEN) {
        throw new IllegalArgumentException("a token is %d, not 0..256".formatted(tokens[i]));
      }
      boolean mustBeReal = i % inputLength < architecture.kernelSize();
      boolean followsPadding = i % inputLength > 0 && tokens[i - 1] == PADDING_TOKEN;
      if (invariant() && (tokens[i] == PADDING_TOKEN ? mustBeReal : followsPadding)) {
        throw new IllegalArgumentException(
            "sample %d: padding belongs after the last value, and at least %d values before it"
                .formatted(i / inputLength, architecture.kernelSize()));
      }
    }
    return scope.create(tokens, new Shape(batch, inputLength));
  }

  /** Neighbouring steps of one seed, and equal steps of neighbouring seeds, differ widely. */
  private long[] stepSeed() {
    long mixed = seed * 0x9E3779B97F4A7C15L + steps;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return new long[] {(mixed ^ (mixed >>> 31)) >>> 1};
  }

  private NDList vectors(String name, Weights from) {
    NDList vectors = new NDList();
    for (ParameterLayout.Group group : layout.groups()) {
      vectors.add(named(name, memory.create(group.flatten(from))));
    }
    return vectors;
  }

  private NDList zeros(String name) {
    NDList vectors = new NDList();
    for (ParameterLayout.Group group : layout.groups()) {
      vectors.add(named(name, memory.zeros(new Shape(group.size()))));
    }
    return vectors;
  }

  /** DJL gathers the arrays of one such name into one list argument. */
  private static NDArray named(String list, NDArray array) {
    array.setName(list + "[]");
    return array;
  }

  private static List<float[]> values(NDList vectors) {
    return vectors.stream().map(NDArray::toFloatArray).toList();
  }

  /** DJL's own way of writing into an array is one that libtorch warns of on standard error. */
  private static void replace(NDList vectors, NDList others) {
    vectors.forEach(NDArray::close);
    vectors.clear();
    vectors.addAll(others);
  }

  private NDManager scope() {
    return memory.newSubManager();
  }
}
