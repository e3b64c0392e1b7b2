package dev.blindsight.trainer.byteformer;

import static dev.blindsight.trainer.byteformer.ParameterNames.bias;
import static dev.blindsight.trainer.byteformer.ParameterNames.weight;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.LayerPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * ByteFormer's forward pass in plain Java and double precision: slow, short, and the judge of every
 * fast implementation.
 *
 * <p>The network is that of Horton et al., "Bytes Are All You Need" (2023). In {@link
 * AttentionMode#REFERENCE} it computes what CoreNet 1aa3acd computes, accidents included. In {@link
 * AttentionMode#BATCH_INVARIANT} padding is cut off before anything else, windows hold real tokens
 * only, and the ends of the sequence never share one.
 */
public final class ReferenceForward {

  private static final int PADDING_TOKEN = 256;

  private final ByteFormerArchitecture architecture;
  private final boolean reference;
  private final Map<String, double[]> parameters = new HashMap<>();

  /**
   * Makes the judge of one network.
   *
   * @throws IllegalArgumentException when the weights do not fit the architecture
   */
  public ReferenceForward(ByteFormerArchitecture architecture, Weights weights) {
    weights.requireFit(architecture);
    this.architecture = architecture;
    this.reference = architecture.attention() == AttentionMode.REFERENCE;
    for (String name : weights.names()) {
      float[] values = weights.values(name);
      double[] exact = new double[values.length];
      Arrays.setAll(exact, i -> values[i]);
      parameters.put(name, exact);
    }
  }

  /**
   * The logits of one readout, one for each class.
   *
   * @throws dev.blindsight.protocol.UserError when its length does not suit the architecture
   */
  public float[] logits(byte[] readout) {
    int[] tokens = new int[readout.length];
    Arrays.setAll(tokens, i -> Byte.toUnsignedInt(readout[i]));
    return logits(tokens);
  }

  /**
   * The logits of one sample, one for each class.
   *
   * @param tokens values 0..255, at the end any number of 256 for padding
   * @throws dev.blindsight.protocol.UserError when its length does not suit the architecture
   */
  public float[] logits(int[] tokens) {
    return run(tokens, (name, values) -> {});
  }

  /**
   * Runs the network and shows what each stage makes of one sample.
   *
   * @param tokens values 0..255, at the end any number of 256 for padding
   * @param stage given, in order, {@code embedded}, {@code conv}, {@code conv+pos}, {@code
   *     block_i}, {@code downsample_i}, {@code post_norm}, {@code pooled} and {@code logits}, with
   *     the values in row-major order [sequence, channel]
   */
  public void trace(int[] tokens, BiConsumer<String, float[]> stage) {
    run(tokens, stage);
  }

  private float[] run(int[] padded, BiConsumer<String, float[]> stage) {
    int[] tokens = reference ? padded : withoutPadding(padded);
    double[][] x = embed(tokens);
    stage.accept("embedded", flat(x));
    x = convolve(x);
    stage.accept("conv", flat(x));
    x = addPositions(x);
    stage.accept("conv+pos", flat(x));
    for (LayerPlan plan : architecture.plan(tokens.length)) {
      x = block(x, plan);
      stage.accept("block_" + plan.index(), flat(x));
      if (plan.downsample()) {
        x = mergePairs(x, plan.index());
        stage.accept("downsample_" + plan.index(), flat(x));
      }
    }
    x = norm(x, ParameterNames.FINAL_NORM);
    stage.accept("post_norm", flat(x));
    double[][] pooled = {mean(x)};
    stage.accept("pooled", flat(pooled));
    float[] logits = flat(linear(pooled, ParameterNames.CLASSIFIER));
    stage.accept("logits", logits);
    return logits;
  }

  private static int[] withoutPadding(int[] tokens) {
    int length = tokens.length;
    while (length > 0 && tokens[length - 1] == PADDING_TOKEN) {
      length--;
    }
    return Arrays.copyOf(tokens, length);
  }

  private double[][] embed(int[] tokens) {
    int width = architecture.embeddingSize();
    double[] table = parameter(ParameterNames.EMBEDDINGS);
    double[][] rows = new double[tokens.length][];
    for (int i = 0; i < tokens.length; i++) {
      rows[i] = Arrays.copyOfRange(table, tokens[i] * width, (tokens[i] + 1) * width);
    }
    return rows;
  }

  /** Strided convolution without bias or padding; bytes that fill no last kernel are ignored. */
  private double[][] convolve(double[][] bytes) {
    int width = architecture.embeddingSize();
    int kernel = architecture.kernelSize();
    double[] weight = parameter(ParameterNames.CONVOLUTION);
    double[][] tokens = new double[architecture.tokens(bytes.length)][width];
    for (int token = 0; token < tokens.length; token++) {
      for (int out = 0; out < width; out++) {
        double sum = 0;
        for (int in = 0; in < width; in++) {
          for (int place = 0; place < kernel; place++) {
            double value = bytes[token * architecture.stride() + place][in];
            sum += weight[(out * width + in) * kernel + place] * value;
          }
        }
        tokens[token][out] = sum;
      }
    }
    return tokens;
  }

  private double[][] addPositions(double[][] x) {
    int width = architecture.embeddingSize();
    double[] positions = parameter(ParameterNames.POSITIONS);
    double[][] sum = new double[x.length][width];
    for (int token = 0; token < x.length; token++) {
      for (int channel = 0; channel < width; channel++) {
        sum[token][channel] = x[token][channel] + positions[token * width + channel];
      }
    }
    return sum;
  }

  private double[][] block(double[][] x, LayerPlan plan) {
    return reference ? wrappedBlock(x, plan) : cutBlock(x, plan);
  }

  /** Zero vectors fill the last window, the sequence turns left, and all take part in attention. */
  private double[][] wrappedBlock(double[][] x, LayerPlan plan) {
    int padded = plan.paddedTokens();
    double[][] result = new double[x.length][];
    for (int start = 0; start < padded; start += plan.window()) {
      double[][] window = new double[plan.window()][];
      for (int i = 0; i < plan.window(); i++) {
        int token = (start + i + plan.shift()) % padded;
        window[i] = token < x.length ? x[token] : new double[architecture.embeddingSize()];
      }
      double[][] transformed = transform(window, plan.index());
      for (int i = 0; i < plan.window(); i++) {
        int token = (start + i + plan.shift()) % padded;
        if (token < x.length) {
          result[token] = transformed[i];
        }
      }
    }
    return result;
  }

  /** The sequence is cut before tokens shift, shift + window, shift + 2 window, and so on. */
  private double[][] cutBlock(double[][] x, LayerPlan plan) {
    List<double[]> result = new ArrayList<>();
    int start = 0;
    int end = plan.shift() > 0 ? plan.shift() : plan.window();
    while (start < x.length) {
      double[][] window = Arrays.copyOfRange(x, start, Math.min(end, x.length));
      result.addAll(Arrays.asList(transform(window, plan.index())));
      start = end;
      end += plan.window();
    }
    return result.toArray(double[][]::new);
  }

  /** One window through a pre-norm transformer layer. */
  private double[][] transform(double[][] window, int layer) {
    double[][] x = add(window, attend(norm(window, ParameterNames.attentionNorm(layer)), layer));
    double[][] hidden =
        linear(
            norm(x, ParameterNames.feedForwardNorm(layer)),
            ParameterNames.feedForwardExpansion(layer));
    for (double[] row : hidden) {
      Arrays.setAll(row, i -> gelu(row[i]));
    }
    return add(x, linear(hidden, ParameterNames.feedForwardContraction(layer)));
  }

  private double[][] attend(double[][] x, int layer) {
    int width = architecture.embeddingSize();
    int headSize = architecture.headSize();
    double[][] packed = linear(x, ParameterNames.queryKeyValue(layer));
    double[][] heads = new double[x.length][width];
    for (int first = 0; first < width; first += headSize) {
      for (int query = 0; query < x.length; query++) {
        double[] shares = new double[x.length];
        for (int key = 0; key < x.length; key++) {
          for (int i = first; i < first + headSize; i++) {
            shares[key] += packed[query][i] * packed[key][width + i];
          }
          shares[key] /= Math.sqrt(headSize);
        }
        softmax(shares);
        for (int key = 0; key < x.length; key++) {
          for (int i = first; i < first + headSize; i++) {
            heads[query][i] += shares[key] * packed[key][2 * width + i];
          }
        }
      }
    }
    return linear(heads, ParameterNames.attentionOutput(layer));
  }

  /** Pairs become one token: channels interleaved, projected, then normalised. */
  private double[][] mergePairs(double[][] x, int layer) {
    int width = architecture.embeddingSize();
    double[][] pairs = new double[Math.ceilDiv(x.length, 2)][2 * width];
    for (int token = 0; token < x.length; token++) {
      for (int channel = 0; channel < width; channel++) {
        pairs[token / 2][2 * channel + token % 2] = x[token][channel];
      }
    }
    double[] weight = parameter(weight(ParameterNames.merge(layer)));
    return norm(multiply(pairs, weight, new double[width]), ParameterNames.mergeNorm(layer));
  }

  /**
   * LayerNorm. The reference takes a sequence exactly as long as the embedding is wide for
   * channels-first data: it then normalises each channel over the tokens, indexes the parameters by
   * token, and adds epsilon to the deviation instead of the variance.
   */
  private double[][] norm(double[][] x, String module) {
    if (reference && x.length == architecture.embeddingSize()) {
      return normAcrossTokens(x, module);
    }
    double[] scale = parameter(weight(module));
    double[] offset = parameter(bias(module));
    double[][] result = new double[x.length][];
    for (int token = 0; token < x.length; token++) {
      double[] row = x[token].clone();
      double mean = Arrays.stream(row).average().orElseThrow();
      double variance =
          Arrays.stream(row).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      double deviation = Math.sqrt(variance + architecture.layerNormEpsilon());
      Arrays.setAll(row, i -> (row[i] - mean) / deviation * scale[i] + offset[i]);
      result[token] = row;
    }
    return result;
  }

  private double[][] normAcrossTokens(double[][] x, String module) {
    double[] scale = parameter(weight(module));
    double[] offset = parameter(bias(module));
    double[] means = mean(x);
    double[][] result = new double[x.length][x.length];
    for (int channel = 0; channel < x.length; channel++) {
      double variance = 0;
      for (double[] row : x) {
        variance += (row[channel] - means[channel]) * (row[channel] - means[channel]) / x.length;
      }
      double deviation = Math.sqrt(variance) + architecture.layerNormEpsilon();
      for (int token = 0; token < x.length; token++) {
        double centred = x[token][channel] - means[channel];
        result[token][channel] = centred / deviation * scale[token] + offset[token];
      }
    }
    return result;
  }

  private double[][] linear(double[][] x, String module) {
    return multiply(x, parameter(weight(module)), parameter(bias(module)));
  }

  /** x · weightᵀ + bias, the weight row-major [outputs, inputs]. */
  private static double[][] multiply(double[][] x, double[] weight, double[] bias) {
    double[][] result = new double[x.length][];
    for (int token = 0; token < x.length; token++) {
      double[] row = x[token];
      double[] sums = bias.clone();
      for (int out = 0; out < sums.length; out++) {
        for (int in = 0; in < row.length; in++) {
          sums[out] += weight[out * row.length + in] * row[in];
        }
      }
      result[token] = sums;
    }
    return result;
  }

  private static double[][] add(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][a[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[i].length; j++) {
        sum[i][j] = a[i][j] + b[i][j];
      }
    }
    return sum;
  }

  /** The mean token. */
  private static double[] mean(double[][] x) {
    double[] mean = new double[x[0].length];
    for (double[] row : x) {
      for (int channel = 0; channel < mean.length; channel++) {
        mean[channel] += row[channel] / x.length;
      }
    }
    return mean;
  }

  private static void softmax(double[] scores) {
    double highest = Arrays.stream(scores).max().orElseThrow();
    Arrays.setAll(scores, i -> Math.exp(scores[i] - highest));
    double sum = Arrays.stream(scores).sum();
    Arrays.setAll(scores, i -> scores[i] / sum);
  }

  private static double gelu(double x) {
    return x / 2 * (1 + erf(x / Math.sqrt(2)));
  }

  /** The error function by its series of positive terms (Abramowitz and Stegun 7.1.6). */
  private static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  private double[] parameter(String name) {
    double[] values = parameters.get(name);
    if (values == null) {
      throw new IllegalStateException("the architecture has no parameter " + name);
    }
    return values;
  }

  private static float[] flat(double[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    int next = 0;
    for (double[] row : rows) {
      for (double value : row) {
        flat[next++] = (float) value;
      }
    }
    return flat;
  }
}
