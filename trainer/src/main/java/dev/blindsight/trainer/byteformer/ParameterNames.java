package dev.blindsight.trainer.byteformer;

/** Names of CoreNet's state_dict (CoreNet 1aa3acd), by which every part finds its tensors. */
final class ParameterNames {

  static final String EMBEDDINGS = "embeddings.weight";
  static final String CONVOLUTION = "token_reduction_net.weight";
  static final String POSITIONS = "pos_embed.pos_embed.pos_embed";
  static final String FINAL_NORM = "post_transformer_norm";
  static final String CLASSIFIER = "classifier";

  private ParameterNames() {}

  static String attentionNorm(int layer) {
    return "transformer." + layer + ".pre_norm_mha.0";
  }

  static String queryKeyValue(int layer) {
    return "transformer." + layer + ".pre_norm_mha.1.qkv_proj";
  }

  static String attentionOutput(int layer) {
    return "transformer." + layer + ".pre_norm_mha.1.out_proj";
  }

  static String feedForwardNorm(int layer) {
    return "transformer." + layer + ".pre_norm_ffn.0";
  }

  static String feedForwardExpansion(int layer) {
    return "transformer." + layer + ".pre_norm_ffn.1";
  }

  static String feedForwardContraction(int layer) {
    return "transformer." + layer + ".pre_norm_ffn.4";
  }

  static String merge(int layer) {
    return "downsamplers.downsample_" + layer + ".reduction";
  }

  static String mergeNorm(int layer) {
    return "downsamplers.downsample_" + layer + ".norm";
  }

  static String weight(String module) {
    return module + ".weight";
  }

  static String bias(String module) {
    return module + ".bias";
  }
}
