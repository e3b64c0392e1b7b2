package dev.blindsight.camera.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.model.ModelGraph;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SpecId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A model file in ONNX Runtime, checked against its own card. Any number of threads may ask it at
 * once: they share one session and have buffers of their own.
 */
public final class Model implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ModelCard card;
  private final ConcurrentLinkedQueue<InferenceBuffers> idle = new ConcurrentLinkedQueue<>();
  // Closing a session that runs would crash the process: inferences hold the shared lock, close the
  // exclusive one.
  private final ReadWriteLock lifecycle = new ReentrantReadWriteLock();
  private boolean closed;

  Model(OrtEnvironment environment, OrtSession session, ModelCard card) {
    this.environment = environment;
    this.session = session;
    this.card = card;
  }

  /**
   * Loads a model file.
   *
   * @throws UserError one line, when the file cannot be read, is no ONNX model, has no card, or its
   *     card and its graph disagree
   */
  public static Model load(Path file, InferenceSettings settings) {
    return ModelLoader.load(file, settings);
  }

  /**
   * Loads a model from memory.
   *
   * @param onnx the content of a model file
   * @param source names the model in errors
   * @throws UserError as {@link #load(Path, InferenceSettings)}
   */
  public static Model load(byte[] onnx, String source, InferenceSettings settings) {
    return ModelLoader.load(onnx, source, settings);
  }

  /** What the model says of itself. */
  public ModelCard card() {
    return card;
  }

  /**
   * How its network was written as a graph, where the file tells.
   *
   * @throws UserError when it tells nonsense
   * @throws InferenceException when the model has been closed
   */
  public Optional<ModelGraph> graph() {
    return whileOpen(() -> session.getMetadata().getCustomMetadataValue(ModelGraph.METADATA_KEY))
        .map(ModelGraph::parse);
  }

  /** The name by which requests ask for it: the card's. */
  public String id() {
    return card.name();
  }

  /**
   * Answers a readout.
   *
   * @throws UserError when the readout was read by another spec or has another length
   * @throws InferenceException when the model fails
   */
  public Inference infer(Readout readout) {
    requireSpec(readout.specId());
    return infer(readout.length(), readout::copyTo);
  }

  /**
   * Answers the bytes of a readout that the caller vouches was read by the model's spec.
   *
   * @param values permuted, in mask order
   * @throws UserError when the length is not the model's
   * @throws InferenceException when the model fails
   */
  public Inference infer(byte[] values) {
    return infer(values.length, buffer -> buffer.put(values));
  }

  /**
   * The spec to read exposures by.
   *
   * @param secrets as {@link ReadoutSpecDefinition#resolve}
   * @throws UserError when the secret makes another spec than the model was trained for
   */
  public ReadoutSpec spec(Function<String, DeviceSecret> secrets) {
    ReadoutSpec spec = card.readout().resolve(secrets);
    if (!spec.id().equals(card.spec())) {
      throw new UserError(
          "model %s: trained for readout spec %s, this device's secret makes %s: bind the model to this device"
              .formatted(id(), card.spec().abbreviated(), spec.id().abbreviated()));
    }
    return spec;
  }

  private void requireSpec(SpecId spec) {
    if (!spec.equals(card.spec())) {
      throw new UserError(
          "model %s: trained for readout spec %s, this readout is by %s: use the model's spec"
              .formatted(id(), card.spec().abbreviated(), spec.abbreviated()));
    }
  }

  private Inference infer(int length, Consumer<ByteBuffer> values) {
    if (length != card.inputLength()) {
      throw new UserError(
          "the readout has %d bytes, model %s takes %d: give a readout by spec %s"
              .formatted(length, id(), card.inputLength(), card.spec().abbreviated()));
    }
    float[] logits = whileOpen(() -> run(values));
    return new Inference(logits, new Classification(Softmax.candidates(logits, card.labels())));
  }

  /**
   * Makes room for several readouts that are answered in one run.
   *
   * @param readouts in one batch, 1..1024
   * @throws UserError when the number is out of range or the model takes one readout at a time
   */
  public ReadoutBatch batch(int readouts) {
    ReadoutBatch.requireSize(readouts);
    return whileOpen(() -> {
      if (readouts > 1 && takesOneAtATime()) {
        throw new UserError(
            "model %s takes one readout at a time: ask for batches of 1, or export it again"
                .formatted(id()));
      }
      return new ReadoutBatch(this, readouts, buffers(readouts));
    });
  }

  private boolean takesOneAtATime() throws OrtException {
    return session.getInputInfo().values().stream()
        .anyMatch(node -> node.getInfo() instanceof TensorInfo tensor && tensor.getShape()[0] == 1);
  }

  /** Runs the session once on the caller's buffers. */
  float[] run(InferenceBuffers buffers, Consumer<ByteBuffer> values) {
    return whileOpen(() -> finite(buffers.run(session, values)));
  }

  private float[] run(Consumer<ByteBuffer> values) throws OrtException {
    InferenceBuffers buffers = idle.poll();
    if (buffers == null) {
      buffers = buffers(1);
    }
    try {
      return finite(buffers.run(session, values));
    } finally {
      idle.add(buffers);
    }
  }

  private InferenceBuffers buffers(int readouts) throws OrtException {
    return new InferenceBuffers(environment, readouts, card.inputLength(), card.labels().size());
  }

  private float[] finite(float[] logits) {
    for (float logit : logits) {
      if (!Float.isFinite(logit)) {
        throw new InferenceException("model %s answered %s".formatted(id(), logit));
      }
    }
    return logits;
  }

  /** What needs the session open until it is done. */
  @FunctionalInterface
  private interface SessionCall<T> {
    T call() throws OrtException;
  }

  private <T> T whileOpen(SessionCall<T> work) {
    lifecycle.readLock().lock();
    try {
      if (closed) {
        throw new InferenceException("model %s has been closed".formatted(id()));
      }
      return work.call();
    } catch (OrtException e) {
      throw new InferenceException("model %s failed: %s".formatted(id(), e.getMessage()), e);
    } finally {
      lifecycle.readLock().unlock();
    }
  }

  /** Waits for running inferences and frees the session. */
  @Override
  public void close() {
    lifecycle.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      for (InferenceBuffers buffers = idle.poll(); buffers != null; buffers = idle.poll()) {
        buffers.close();
      }
      session.close();
    } catch (OrtException e) {
      throw new InferenceException(
          "model %s cannot be closed: %s".formatted(id(), e.getMessage()), e);
    } finally {
      lifecycle.writeLock().unlock();
    }
  }
}
