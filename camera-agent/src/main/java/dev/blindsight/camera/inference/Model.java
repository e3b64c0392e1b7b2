package dev.blindsight.camera.inference;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.readout.SpecId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
    lifecycle.readLock().lock();
    try {
      if (closed) {
        throw new InferenceException("model %s has been closed".formatted(id()));
      }
      float[] logits = run(values);
      return new Inference(logits, new Classification(Softmax.candidates(logits, card.labels())));
    } catch (OrtException e) {
      throw new InferenceException("model %s failed: %s".formatted(id(), e.getMessage()), e);
    } finally {
      lifecycle.readLock().unlock();
    }
  }

  private float[] run(Consumer<ByteBuffer> values) throws OrtException {
    InferenceBuffers buffers = idle.poll();
    if (buffers == null) {
      buffers = new InferenceBuffers(environment, card.inputLength(), card.labels().size());
    }
    try {
      float[] logits = buffers.run(session, values);
      for (float logit : logits) {
        if (!Float.isFinite(logit)) {
          throw new InferenceException("model %s answered %s".formatted(id(), logit));
        }
      }
      return logits;
    } finally {
      idle.add(buffers);
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
