package dev.blindsight.trainer.onnx.graph;

/** The collections of operators that a graph may use, at fixed versions. */
enum OperatorSet {
  /** The ONNX standard; version 20 is the first with {@code Gelu}. */
  STANDARD("", 20),
  /** ONNX Runtime's own fused operators. */
  MICROSOFT("com.microsoft", 1);

  private final String domain;
  private final int version;

  OperatorSet(String domain, int version) {
    this.domain = domain;
    this.version = version;
  }

  String domain() {
    return domain;
  }

  int version() {
    return version;
  }
}
