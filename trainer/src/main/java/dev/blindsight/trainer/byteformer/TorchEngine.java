package dev.blindsight.trainer.byteformer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;

/** Starts PyTorch under DJL without any download. */
final class TorchEngine {

  static final String NAME = "PyTorch";

  private static final Engine ENGINE = start();

  private TorchEngine() {}

  private static Engine start() {
    // The natives come from Maven; DJL must neither look for others nor report its use.
    System.setProperty("ai.djl.offline", "true");
    OpenMpWaiting.sleepWhenIdle();
    return Engine.getEngine(NAME);
  }

  /** A manager of memory on the engine's default device. */
  static NDManager open() {
    return ENGINE.newBaseManager();
  }

  /**
   * Sets how many threads operators use, in the whole process.
   *
   * @param threads at least 1
   */
  static void useThreads(int threads) {
    JniUtils.setNumThreads(threads);
  }
}
