package dev.blindsight.trainer.byteformer;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A TorchScript module that DJL has loaded, and its methods. */
final class TorchProgram implements AutoCloseable {

  private final Model model;
  private final PtSymbolBlock module;

  /**
   * Loads TorchScript source text.
   *
   * @throws IllegalStateException when the text does not compile
   */
  TorchProgram(String source) {
    model = Model.newInstance(TorchScriptArchive.CLASS_NAME, TorchEngine.NAME);
    try {
      model.load(new ByteArrayInputStream(TorchScriptArchive.of(source)));
    } catch (MalformedModelException e) {
      model.close();
      throw new IllegalStateException("the TorchScript written for the network does not load", e);
    } catch (IOException e) {
      model.close();
      throw new UncheckedIOException("loading the network failed", e);
    }
    module = (PtSymbolBlock) model.getBlock();
  }

  /**
   * Calls a method. The results belong to {@code manager}.
   *
   * @param arguments in the order of the method's parameters; arrays named {@code x[]} together
   *     form the list that takes their place
   */
  NDList call(NDManager manager, String method, NDList arguments) {
    // Both settings are kept by libtorch for each thread, and any thread may call.
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(false);
    NDList all = new NDList(arguments);
    NDArray name = manager.create(0f);
    name.setName("module_method:" + method);
    all.add(name);
    try {
      // DJL runs a "training" call with autograd available; the program itself turns it on.
      return IValueUtils.forward(module, all, true);
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
