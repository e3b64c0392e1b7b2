package dev.blindsight.trainer.byteformer;

/** Names of CoreNet's state_dict (CoreNet 1aa3acd), by which every part finds its tensors. */
public final class ParameterNames {

  public static final String EMBEDDINGS = "embeddings.weight";
  public static final String CONVOLUTION = "token_reduction_net.weight";
  public static final String POSITIONS = "pos_embed.pos_embed.pos_embed";
  public static final String FINAL_NORM = "post_transformer_norm";
  public static final String CLASSIFIER = "classifier";

  private static final String MERGES = "downsamplers.downsample_";
  private static final String REDUCTION = ".reduction";

  private ParameterNames() {}

  public static String attentionNorm(int layer) {
    return "transformer." + layer + ".pre_norm_mha.0";
  }

  public static String queryKeyValue(int layer) {
    return "transformer." + layer + ".pre_norm_mha.1.qkv_proj";
  }

  public static String attentionOutput(int layer) {
    return "transformer." + layer + ".pre_norm_mha.1.out_proj";
  }

  public static String feedForwardNorm(int layer) {
    return "transformer." + layer + ".pre_norm_ffn.0";
  }

  public static String feedForwardExpansion(int layer) {
    return "transformer." + layer + ".pre_norm_ffn.1";
  }

  public static String feedForwardContraction(int layer) {
    return "transformer." + layer + ".pre_norm_ffn.4";
  }

  public static String merge(int layer) {
    return MERGES + layer + REDUCTION;
  }

  /** Whether a module joins pairs of tokens. */
  public static boolean isMerge(String module) {
    return module.startsWith(MERGES) && module.endsWith(REDUCTION);
  }

  public static String mergeNorm(int layer) {
    return MERGES + layer + ".norm";
  }

  public static String weight(String module) {
    return module + ".weight";
  }

  public static String bias(String module) {
    return module + ".bias";
  }
}
