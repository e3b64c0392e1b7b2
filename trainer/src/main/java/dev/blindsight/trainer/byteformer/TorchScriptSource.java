package dev.blindsight.trainer.byteformer;

import static dev.blindsight.trainer.byteformer.ParameterNames.bias;
import static dev.blindsight.trainer.byteformer.ParameterNames.weight;

import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.byteformer.TrainingOptions.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes a ByteFormer as TorchScript text: one method for each stage of the network, and {@code
 * logits}, {@code trace} and {@code step} that string them together.
 *
 * <p>ByteFormer (Horton et al., "Bytes Are All You Need", 2023): bytes are embedded, a strided
 * convolution turns them into tokens, positions are added, and transformer blocks with windowed
 * attention follow, some of them halving the sequence by merging pairs; the mean of the last tokens
 * is classified. {@link AttentionMode#REFERENCE} follows CoreNet 1aa3acd to the letter, with the
 * zero vectors and wrapped tokens that its windows attend to and with its LayerNorm that takes a
 * sequence as long as the embedding is wide for channels-first. {@link
 * AttentionMode#BATCH_INVARIANT} leaves all of that out: a token attends to real tokens of its own
 * window only.
 *
 * <p>The methods own no tensors. They are given two flat parameter vectors (see {@link
 * ParameterLayout}), of which {@code parameters} makes named views.
 */
final class TorchScriptSource {

  /** Whether readouts may end in padding tokens that the network must not see. */
  enum Padding {
    NONE,
    POSSIBLE
  }

  /** Added to the attention score of a hidden key: its weight becomes exactly 0, never NaN. */
  private static final String HIDDEN = "-1.0e30";

  /** Numbers by which TorchScript names data types (c10::ScalarType). */
  private static final int INT32 = 3;

  private static final int FLOAT32 = 6;
  private static final int BFLOAT16 = 15;

  private final ByteFormerArchitecture architecture;
  private final ParameterLayout layout;
  private final TrainingOptions options;
  private final List<LayerPlan> plans;
  private final int tokens;
  private final boolean reference;
  private final boolean padded;
  private final StringBuilder text = new StringBuilder();

  private TorchScriptSource(
      ByteFormerArchitecture architecture,
      int inputLength,
      TrainingOptions options,
      Padding padding) {
    this.architecture = architecture;
    this.layout = ParameterLayout.of(architecture);
    this.options = options;
    this.plans = architecture.plan(inputLength);
    this.tokens = architecture.tokens(inputLength);
    this.reference = architecture.attention() == AttentionMode.REFERENCE;
    // To the reference the padding token is a token like any other.
    this.padded = padding == Padding.POSSIBLE && !reference;
  }

  /**
   * The program for readouts of exactly {@code inputLength} values.
   *
   * @param padding whether the values may end in padding tokens (256)
   */
  static String of(
      ByteFormerArchitecture architecture,
      int inputLength,
      TrainingOptions options,
      Padding padding) {
    return new TorchScriptSource(architecture, inputLength, options, padding).write();
  }

  /** Names of the tensors that {@code trace} returns, in order. */
  static List<String> traceNames(ByteFormerArchitecture architecture) {
    List<String> names = new ArrayList<>(List.of("embedded", "conv", "conv+pos"));
    for (int layer = 0; layer < architecture.layers(); layer++) {
      names.add("block_" + layer);
      if (architecture.downsample().get(layer)) {
        names.add("downsample_" + layer);
      }
    }
    names.addAll(List.of("post_norm", "pooled", "logits"));
    return names;
  }

  private String write() {
    text.append(
        """
        class %s(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
        """
            .formatted(TorchScriptArchive.CLASS_NAME));
    parameters();
    realTokens();
    embeddingTable();
    stem();
    addPositions();
    normAcrossTokens();
    noise();
    for (LayerPlan plan : plans) {
      block(plan);
      if (plan.downsample()) {
        merge(plan);
      }
    }
    finalNorm();
    pool();
    classify();
    logits();
    trace();
    step();
    return text.toString();
  }

  /** Named views of the flat vectors; "half" names are the copies that matrix products read. */
  private void parameters() {
    method("parameters", "decayed: Tensor, plain: Tensor", "Dict[str, Tensor]");
    line("p = annotate(Dict[str, Tensor], {})");
    views("decayed", layout.decayed(), "");
    views("plain", layout.plain(), "");
    if (bfloat16()) {
      views("decayed.to(%d)".formatted(BFLOAT16), layout.decayed(), "half ");
      views("plain.to(%d)".formatted(BFLOAT16), layout.plain(), "half ");
    }
    line("return p");
  }

  private void views(String vector, ParameterLayout.Group group, String prefix) {
    String sizes =
        group.shapes().values().stream()
            .map(shape -> Long.toString(Tensor.elements(shape)))
            .collect(Collectors.joining(", "));
    line("parts = torch.split_with_sizes(%s, [%s])", vector, sizes);
    int part = 0;
    for (var entry : group.shapes().entrySet()) {
      line(
          "p[\"%s\"] = torch.reshape(parts[%d], %s)",
          prefix + entry.getKey(), part++, entry.getValue());
    }
  }

  /** How many tokens of each sample come from real bytes alone; only where padding is possible. */
  private void realTokens() {
    if (padded) {
      method("real_tokens", "tokens: Tensor", "Tensor");
      line("bytes = torch.sum(torch.ne(tokens, %d), [1])", architecture.vocabulary() - 1);
      line(
          "return torch.floor_divide(bytes - %d, %d) + 1",
          architecture.kernelSize(), architecture.stride());
    }
  }

  /** The embedding table; the row of the padding token takes no gradient. */
  private void embeddingTable() {
    method("table", parameterArgument(), "Tensor");
    line("table = %s", full(ParameterNames.EMBEDDINGS));
    int padding = architecture.vocabulary() - 1;
    line("bytes = torch.narrow(table, 0, 0, %d)", padding);
    line("padding = torch.detach(torch.narrow(table, 0, %d, 1))", padding);
    line("return torch.cat([bytes, padding])");
  }

  /**
   * Embedding and convolution in one: for each place in the kernel a table of what each value adds
   * to a token, so that a token is the sum of k rows and the embedded bytes never exist.
   */
  private void stem() {
    int kernel = architecture.kernelSize();
    int width = architecture.embeddingSize();
    int rows = kernel * architecture.vocabulary();
    method("stem", "tokens: Tensor, " + parameterArgument(), "Tensor");
    line(
        "tables = torch.einsum(\"ve,oek->kvo\", [(self).table(p, ), %s])",
        full(ParameterNames.CONVOLUTION));
    line(
        "first_rows = torch.arange(0, %d, %d, dtype=%d, device=tokens.device)",
        rows, architecture.vocabulary(), INT32);
    line("rows = torch.unfold(tokens, 1, %d, %d) + first_rows", kernel, architecture.stride());
    line("rows = torch.reshape(rows, [-1])");
    line(
        "bags = torch.arange(0, torch.size(rows, 0), %d, dtype=%d, device=tokens.device)",
        kernel, INT32);
    line("sums = torch.embedding_bag(torch.reshape(tables, [%d, %d]), rows, bags)[0]", rows, width);
    line("return torch.reshape(sums, [-1, %d, %d])", tokens, width);
  }

  private void addPositions() {
    method("add_positions", "x: Tensor, " + parameterArgument(), "Tensor");
    line(
        "table = torch.reshape(%s, [%d, %d])",
        full(ParameterNames.POSITIONS), architecture.maximumTokens(), architecture.embeddingSize());
    line("return x + torch.narrow(table, 0, 0, %d)", tokens);
  }

  /** CoreNet's LayerNorm when it mistakes tokens for channels; epsilon joins the deviation. */
  private void normAcrossTokens() {
    if (reference) {
      method("norm_across_tokens", "x: Tensor, scale: Tensor, offset: Tensor", "Tensor");
      line("centred = x - torch.mean(x, [1], True)");
      line("deviation = torch.sqrt(torch.mean(centred * centred, [1], True))");
      line("x = centred / (deviation + %s)", number(architecture.layerNormEpsilon()));
      line("return x * torch.reshape(scale, [1, -1, 1]) + torch.reshape(offset, [1, -1, 1])");
    }
  }

  /**
   * Zeros and ones for dropout: one pool for a step, of which every use reads another stretch, so
   * that random numbers are drawn once. Stretches lie more than a sample apart: what two layers
   * share belongs to different samples.
   */
  private void noise() {
    if (drops()) {
      method("noise", "tokens: Tensor", "Tensor");
      line("size = torch.size(tokens, 0) * %d + %d", sampleElements(), noiseOffset(dropoutUses()));
      line(
          "noise = torch.empty([size], dtype=%d, device=tokens.device)",
          bfloat16() ? BFLOAT16 : FLOAT32);
      line("return torch.bernoulli_(noise, %s)", number(1 - options.dropout()));
      method("kept", "noise: Tensor, offset: int, x: Tensor", "Tensor");
      line("stretch = torch.narrow(noise, 0, offset, torch.numel(x))");
      line("return torch.reshape(stretch, torch.size(x))");
    }
  }

  /** The most values that any layer has for one sample. */
  private int sampleElements() {
    int positions = plans.stream().mapToInt(plan -> windows(plan).padded()).max().orElse(tokens);
    return Math.max(positions, tokens) * architecture.embeddingSize();
  }

  private int noiseOffset(int use) {
    return use * (sampleElements() + 61);
  }

  private int dropoutUses() {
    return 1 + 2 * architecture.layers();
  }

  private boolean drops() {
    return options.dropout() > 0;
  }

  /** Windowed attention and the feed-forward part, each added to what came in. */
  private void block(LayerPlan plan) {
    int layer = plan.index();
    Windows windows = windows(plan);
    method(
        "block_" + layer,
        "x: Tensor, " + countArgument() + parameterArgument() + trainArguments(),
        "Tensor");
    String mask = splitIntoWindows(windows);
    int window = windows.size();

    line("h = %s", norm("x", window, ParameterNames.attentionNorm(layer)));
    line("h = %s", linear("h", ParameterNames.queryKeyValue(layer)));
    attend(window, mask);
    line("h = %s", linear("h", ParameterNames.attentionOutput(layer)));
    addBranch(layer, 0);

    line("h = %s", norm("x", window, ParameterNames.feedForwardNorm(layer)));
    line("h = torch.gelu(%s)", linear("h", ParameterNames.feedForwardExpansion(layer)));
    line("h = %s", linear("h", ParameterNames.feedForwardContraction(layer)));
    addBranch(layer, 1);

    joinWindows(windows);
    line("return x");
  }

  /**
   * Attention within each window, from packed queries, keys and values to concatenated heads. Two
   * batched products with a softmax between them: for windows of this size faster on a CPU than
   * PyTorch's fused attention, whose backward pass is slow in bfloat16 above all.
   */
  private void attend(int window, String mask) {
    int heads = architecture.heads();
    int headSize = architecture.headSize();
    int width = architecture.embeddingSize();
    line(
        "h = torch.permute(torch.reshape(h, [-1, %d, 3, %d, %d]), [2, 0, 3, 1, 4])",
        window, heads, headSize);
    line("query, key, value = torch.unbind(torch.reshape(h, [3, -1, %d, %d]))", window, headSize);
    line(
        "h = torch.baddbmm(%s, query, torch.transpose(key, 1, 2), beta=%d, alpha=%s)",
        mask.isEmpty() ? "torch.new_empty(h, [1, 1, 1])" : mask,
        mask.isEmpty() ? 0 : 1,
        number(1 / Math.sqrt(headSize)));
    line("h = torch.bmm(torch.softmax(h, -1), value)");
    line("h = torch.transpose(torch.reshape(h, [-1, %d, %d, %d]), 1, 2)", heads, window, headSize);
    line("h = torch.reshape(h, [-1, %d, %d])", window, width);
  }

  /** Adds branch h to x; in training without what is dropped, the rest scaled up to match. */
  private void addBranch(int layer, int branch) {
    double depth = stochasticDepth(layer);
    if (!drops() && depth == 0) {
      line("x = x + h");
      return;
    }
    line("scale = 1.");
    line("if train:");
    if (drops()) {
      line("  h = h * (self).kept(noise, %d, h, )", noiseOffset(1 + 2 * layer + branch));
    }
    if (depth > 0) {
      line("  rows = torch.new_empty(h, [torch.size(h, 0), 1, 1])");
      line("  h = h * torch.bernoulli_(rows, %s)", number(1 - depth));
    }
    line("  scale = %s", number(1 / ((1 - options.dropout()) * (1 - depth))));
    line("x = torch.add(x, h, alpha=scale)");
  }

  /** Rate of a layer, from 0 to the full rate, rounded to three decimals as the reference does. */
  private double stochasticDepth(int layer) {
    if (architecture.layers() == 1) {
      return 0;
    }
    double share = (double) layer / (architecture.layers() - 1);
    return Math.rint(options.stochasticDepth() * share * 1000) / 1000;
  }

  /**
   * How a layer's tokens are laid into windows.
   *
   * @param tokens number of tokens
   * @param lead zero vectors before the first token
   * @param size tokens of a window
   * @param count windows
   * @param roll places by which the padded sequence turns left before it is cut
   */
  private record Windows(int tokens, int lead, int size, int count, int roll) {
    int padded() {
      return size * count;
    }

    int tail() {
      return padded() - lead - tokens;
    }

    boolean hasGaps() {
      return padded() != tokens;
    }
  }

  private Windows windows(LayerPlan plan) {
    int tokens = plan.tokens();
    if (reference) {
      return new Windows(tokens, 0, plan.window(), plan.windows(), plan.shift());
    }
    // Cutting at the places the shift asks for, without turning the ends into one window.
    int shift = architecture.windowShifts().get(plan.index()) % plan.window();
    int lead = Math.floorMod(-shift, plan.window());
    int count = Math.ceilDiv(lead + tokens, plan.window());
    return count == 1
        ? new Windows(tokens, 0, tokens, 1, 0)
        : new Windows(tokens, lead, plan.window(), count, 0);
  }

  /**
   * Cuts x into windows; returns the name of what to add to the scores, [windows × heads, 1, keys],
   * or nothing where every key takes part.
   */
  private String splitIntoWindows(Windows windows) {
    String mask = "";
    if (!reference && (padded || windows.hasGaps())) {
      line("place = torch.arange(%d, device=x.device) - %d", windows.padded(), windows.lead());
      line(
          "real = torch.logical_and(torch.ge(place, 0), torch.lt(place, %s))",
          padded ? "torch.unsqueeze(count, 1)" : windows.tokens());
      line(
          "mask = torch.where(torch.reshape(real, [-1, %d, 1, 1, %d]), 0., %s)",
          windows.count(), windows.size(), HIDDEN);
      line(
          "mask = torch.expand(mask.to(%d), [torch.size(x, 0), %d, %d, 1, %d])",
          bfloat16() ? BFLOAT16 : FLOAT32, windows.count(), architecture.heads(), windows.size());
      line("mask = torch.reshape(mask, [-1, 1, %d])", windows.size());
      mask = "mask";
    }
    if (windows.hasGaps()) {
      line("x = torch.constant_pad_nd(x, [0, 0, %d, %d])", windows.lead(), windows.tail());
    }
    if (windows.roll() > 0) {
      line("x = torch.roll(x, [%d], [1])", -windows.roll());
    }
    if (windows.count() > 1) {
      line("x = torch.reshape(x, [-1, %d, %d])", windows.size(), architecture.embeddingSize());
    }
    return mask;
  }

  private void joinWindows(Windows windows) {
    if (windows.count() > 1) {
      line("x = torch.reshape(x, [-1, %d, %d])", windows.padded(), architecture.embeddingSize());
    }
    if (windows.roll() > 0) {
      line("x = torch.roll(x, [%d], [1])", windows.roll());
    }
    if (windows.hasGaps()) {
      line("x = torch.narrow(x, 1, %d, %d)", windows.lead(), windows.tokens());
    }
  }

  /**
   * Merges pairs of tokens. The reference interleaves the pair's channels; interleaving the columns
   * of the weight instead costs nothing per sample.
   */
  private void merge(LayerPlan plan) {
    int width = architecture.embeddingSize();
    int layer = plan.index();
    method("downsample_" + layer, "x: Tensor, " + countArgument() + parameterArgument(), "Tensor");
    if (padded) {
      line("place = torch.arange(%d, device=x.device)", plan.tokens());
      line("real = torch.lt(place, torch.unsqueeze(count, 1))");
      line("x = torch.where(torch.unsqueeze(real, 2), x, 0.)");
    }
    if (plan.tokens() % 2 == 1) {
      line("x = torch.constant_pad_nd(x, [0, 0, 0, 1])");
    }
    line("x = torch.reshape(x, [-1, %d, %d])", plan.tokensAfter(), 2 * width);
    line(
        "pairs = torch.reshape(%s, [%d, %d, 2])",
        compute(weight(ParameterNames.merge(layer))), width, width);
    line("pairs = torch.reshape(torch.transpose(pairs, 1, 2), [%d, %d])", width, 2 * width);
    line("x = torch.linear(%s, pairs)", halved("x"));
    line("return %s", norm(floated("x"), plan.tokensAfter(), ParameterNames.mergeNorm(layer)));
  }

  private void finalNorm() {
    method("post_norm", "x: Tensor, " + parameterArgument(), "Tensor");
    line("return %s", norm("x", lastTokens(), ParameterNames.FINAL_NORM));
  }

  private void pool() {
    method("pooled", "x: Tensor" + (padded ? ", count: Tensor" : ""), "Tensor");
    if (padded) {
      line("place = torch.arange(%d, device=x.device)", lastTokens());
      line("real = torch.unsqueeze(torch.lt(place, torch.unsqueeze(count, 1)), 2)");
      line("return torch.sum(torch.where(real, x, 0.), [1]) / torch.unsqueeze(count, 1)");
    } else {
      line("return torch.mean(x, [1])");
    }
  }

  private void classify() {
    method("classify", "x: Tensor, " + parameterArgument(), "Tensor");
    line(
        "return torch.linear(x, %s, %s)",
        full(weight(ParameterNames.CLASSIFIER)), full(bias(ParameterNames.CLASSIFIER)));
  }

  private void logits() {
    method("run", "tokens: Tensor, weights: List[Tensor], train: bool", "Tensor");
    forward(false);
    line("return x");
    method("logits", "tokens: Tensor, weights: List[Tensor]", "Tensor");
    line("return (self).run(tokens, weights, False, )");
  }

  private void trace() {
    method("trace", "tokens: Tensor, weights: List[Tensor]", "List[Tensor]");
    line("train = False");
    line("stages = annotate(List[Tensor], [])");
    forward(true);
    line("return stages");
  }

  /** The stages in their order; traced, each result is also appended to {@code stages}. */
  private void forward(boolean traced) {
    String count = padded ? "count, " : "";
    line("p = (self).parameters(weights[0], weights[1], )");
    if (padded) {
      line("count = (self).real_tokens(tokens, )");
    }
    if (traced) {
      line("stages.append(torch.embedding((self).table(p, ), tokens))");
    }
    stage("stem(tokens, p, )", traced);
    stage("add_positions(x, p, )", traced);
    if (drops()) {
      line("noise = tokens");
      line("if train:");
      line("  noise = (self).noise(tokens, )");
      line("  x = x * ((self).kept(noise, 0, x, ) * %s)", number(1 / (1 - options.dropout())));
    }
    for (LayerPlan plan : plans) {
      String training = drops() ? "train, noise, " : "train, ";
      stage("block_%d(x, %sp, %s)".formatted(plan.index(), count, training), traced);
      if (plan.downsample()) {
        stage("downsample_%d(x, %sp, )".formatted(plan.index(), count), traced);
        if (padded) {
          line("count = torch.floor_divide(count + 1, 2)");
        }
      }
    }
    stage("post_norm(x, p, )", traced);
    stage("pooled(x, %s)".formatted(count), traced);
    stage("classify(x, p, )", traced);
  }

  private void stage(String call, boolean traced) {
    line("x = (self).%s", call);
    if (traced) {
      line("stages.append(x)");
    }
  }

  /**
   * One optimiser step: soft-label cross-entropy, its gradient, clipping by global norm, AdamW with
   * decay on the first vector only, and the moving average. Returns loss and gradient norm.
   *
   * <p>{@code settings} holds learning rate, decay, share of the new value in the average, largest
   * norm (0: none), AdamW's two betas and epsilon; each list holds one vector for each group.
   */
  private void step() {
    method(
        "step",
        "tokens: Tensor, targets: Tensor, settings: Tensor, seed: Tensor, weights: List[Tensor], "
            + "means: List[Tensor], squares: List[Tensor], averages: List[Tensor], "
            + "steps: List[Tensor]",
        "Tensor");
    line("torch.manual_seed(int(seed))");
    line("torch.set_grad_enabled(True)");
    line("logits = (self).run(tokens, weights, True, )");
    line(
        "loss = torch.cross_entropy_loss(logits, targets, None, 1, -100, %s)",
        number(options.labelSmoothing()));
    line("found = torch.autograd.grad([loss], weights)");
    line("torch.set_grad_enabled(False)");
    line("gradients = [unchecked_cast(Tensor, found[0]), unchecked_cast(Tensor, found[1])]");
    line("norm = torch.norm(torch.stack(torch._foreach_norm(gradients)))");
    line("limit = float(settings[3])");
    line("if torch.gt(limit, 0.):");
    line("  scale = torch.clamp(limit / (norm + 1.0e-06), None, 1.0)");
    line("  gradients = [gradients[0] * scale, gradients[1] * scale]");
    line("rate = float(settings[0])");
    line("torch.mul_(weights[0], 1. - rate * float(settings[1]))");
    line("torch._foreach_add_(steps, 1)");
    // Only lists that come from outside may be updated in place: TorchScript takes an update
    // through a list made here for one without effect, and drops it.
    line(
        "torch._fused_adamw_(weights, gradients, means, squares, annotate(List[Tensor], []), steps,"
            + " lr=rate, beta1=float(settings[4]), beta2=float(settings[5]), weight_decay=0.,"
            + " eps=float(settings[6]), amsgrad=False, maximize=False)");
    line("torch._foreach_lerp_(averages, weights, float(settings[2]))");
    line("return torch.stack([torch.detach(loss), norm])");
  }

  private String norm(String x, int length, String module) {
    String scale = full(weight(module));
    String offset = full(bias(module));
    int width = architecture.embeddingSize();
    if (reference && length == width) {
      return "(self).norm_across_tokens(%s, %s, %s, )".formatted(x, scale, offset);
    }
    return "torch.layer_norm(%s, [%d], %s, %s, %s)"
        .formatted(x, width, scale, offset, number(architecture.layerNormEpsilon()));
  }

  private String linear(String x, String module) {
    return "torch.linear(%s, %s, %s)"
        .formatted(halved(x), compute(weight(module)), compute(bias(module)));
  }

  /** The float32 parameter. */
  private String full(String name) {
    return "p[\"%s\"]".formatted(name);
  }

  /** The parameter in the arithmetic of matrix products. */
  private String compute(String name) {
    return bfloat16() ? full("half " + name) : full(name);
  }

  private String halved(String x) {
    return bfloat16() ? "%s.to(%d)".formatted(x, BFLOAT16) : x;
  }

  private String floated(String x) {
    return bfloat16() ? "%s.to(%d)".formatted(x, FLOAT32) : x;
  }

  private boolean bfloat16() {
    return options.precision() == Precision.BFLOAT16;
  }

  private int lastTokens() {
    return plans.getLast().tokensAfter();
  }

  private String countArgument() {
    return padded ? "count: Tensor, " : "";
  }

  private String trainArguments() {
    return drops() ? ", train: bool, noise: Tensor" : ", train: bool";
  }

  private static String parameterArgument() {
    return "p: Dict[str, Tensor]";
  }

  private static String number(double value) {
    return Double.toString(value).toLowerCase(Locale.ROOT);
  }

  private void method(String name, String arguments, String result) {
    text.append(
        "  def %s(self: __torch__.%s, %s) -> %s:%n"
            .formatted(name, TorchScriptArchive.CLASS_NAME, arguments, result));
  }

  private void line(String statement, Object... arguments) {
    text.append("    ").append(statement.formatted(arguments)).append('\n');
  }
}
