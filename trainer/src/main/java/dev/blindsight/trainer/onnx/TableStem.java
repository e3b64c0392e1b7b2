package dev.blindsight.trainer.onnx;

import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.byteformer.ParameterNames;
import dev.blindsight.trainer.onnx.graph.ElementType;
import dev.blindsight.trainer.onnx.graph.Operators;
import dev.blindsight.trainer.onnx.graph.Shape;
import dev.blindsight.trainer.onnx.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Embedding and convolution folded into tables: byte b at place j of the kernel adds row b of
 * {@code T_j = E W_jᵀ} to its token, so that a token is the sum of k rows and neither embedded
 * bytes nor products of them are ever computed. Exact but for the order of summation.
 *
 * <p>Without padding the padding token's row is left out: 256 rows.
 */
final class TableStem implements TokenSource {
  /** Byte values, and the index of the padding token's row after theirs. */
  private static final int BYTE_VALUES = 256;

  private final Parameters parameters;
  private final List<Value> tables;
  private final Value bytes;
  private final int tokens;

  private TableStem(Parameters parameters, List<Value> tables, Value bytes, int tokens) {
    this.parameters = parameters;
    this.tables = tables;
    this.bytes = bytes;
    this.tokens = tokens;
  }

  /**
   * @param readout [batch, L] of unsigned bytes
   * @param length L, or more: padding tokens follow the bytes
   */
  static TableStem of(Parameters parameters, Operators ops, Value readout, int length) {
    int padding = length - Math.toIntExact(readout.shape().size(1));
    int rows = padding == 0 ? BYTE_VALUES : parameters.architecture().vocabulary();
    Value values = ops.cast(readout, ElementType.INT32);
    List<Value> tables =
        IntStream.range(0, parameters.architecture().kernelSize())
            .mapToObj(place -> table(parameters, ops, place, rows))
            .toList();
    return new TableStem(
        parameters,
        tables,
        padding == 0 ? values : ops.padWith(values, padding, BYTE_VALUES),
        parameters.architecture().tokens(length));
  }

  @Override
  public int tokens() {
    return tokens;
  }

  @Override
  public Value rows(Operators ops, int from, int to) {
    int stride = parameters.architecture().stride();
    Value seen = ops.slice(bytes, (long) from * stride, (long) from * stride + seen(to - from));
    return sum(ops, seen, ops.slice(positions(ops), from, to));
  }

  @Override
  public Value rows(Operators ops, Value from, int count) {
    int stride = parameters.architecture().stride();
    Value first = ops.multiply(from, ops.graph().integers("stride", stride));
    Value seen = ops.slice(bytes, first, seen(count), 1);
    return sum(ops, seen, ops.slice(positions(ops), from, count, 1));
  }

  /** The number of bytes that neighbouring tokens see. */
  private long seen(int tokens) {
    ByteFormerArchitecture network = parameters.architecture();
    return (tokens - 1L) * network.stride() + network.kernelSize();
  }

  /**
   * @param seen [batch, bytes], all that the tokens see
   * @param positions [1, tokens, width]
   */
  private Value sum(Operators ops, Value seen, Value positions) {
    int stride = parameters.architecture().stride();
    long last = (positions.shape().size(1) - 1) * stride;
    Value sum = positions;
    for (int place = 0; place < tables.size(); place++) {
      // [batch, tokens]: what each token sees at this place of its kernel
      Value values = ops.slice(seen, 1, place, last + place + 1, stride);
      sum = ops.add(ops.lookUp(tables.get(place), values), sum);
    }
    return sum;
  }

  @Override
  public TokenSource joined(Operators ops) {
    return this;
  }

  /** T_j of a place j in the kernel: [rows, width]. */
  private static Value table(Parameters parameters, Operators ops, int place, int rows) {
    int width = parameters.width();
    int kernel = parameters.architecture().kernelSize();
    float[] embeddings = parameters.values(ParameterNames.EMBEDDINGS);
    float[] convolution = parameters.values(ParameterNames.CONVOLUTION);
    float[] table = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      for (int out = 0; out < width; out++) {
        double sum = 0;
        for (int in = 0; in < width; in++) {
          double weight = convolution[(out * width + in) * kernel + place];
          sum += weight * embeddings[row * width + in];
        }
        table[row * width + out] = (float) sum;
      }
    }
    return ops.graph().constant("table_" + place, Shape.fixed(rows, width), table);
  }

  /** The used rows of the position table: [1, tokens, width]. */
  private Value positions(Operators ops) {
    int width = parameters.width();
    return parameters.derived(
        ParameterNames.POSITIONS,
        () -> {
          float[] table = parameters.values(ParameterNames.POSITIONS);
          float[] rows = Arrays.copyOf(table, tokens * width);
          return ops.graph().constant("positions", Shape.fixed(1, tokens, width), rows);
        });
  }
}
