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
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/**
 * A model file in ONNX Runtime, checked against its own card. Any number of threads may ask it at
 * once: they share one session and have buffers of their own.
 */
public final class Model implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final ModelCard card;
  private final ExecutionProvider provider;
  private final ConcurrentLinkedQueue<InferenceBuffers> idle = new ConcurrentLinkedQueue<>();
  // Closing a session that runs would crash the process: inferences hold the shared lock, close the
  // exclusive one.
  private final ReadWriteLock lifecycle = new ReentrantReadWriteLock();
  private boolean closed;

  Model(
      OrtEnvironment environment, OrtSession session, ModelCard card, ExecutionProvider provider) {
    this.environment = environment;
    this.session = session;
    this.card = card;
    this.provider = provider;
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

  /** What it runs on. */
  public ExecutionProvider provider() {
    return provider;
  }

  /** The name by which requests ask for it: the card's. */
  public String id() {
    return card.name();
  }

  /**
   * Answers a readout with everything there is to say. Allocates the answer: an array, a list and
   * an object for each label.
   *
   * @throws UserError when the readout was read by another spec or has another length
   * @throws InferenceException when the model fails
   */
  public Inference infer(Readout readout) {
    float[] logits = new float[card.labels().size()];
    infer(readout, logits);
    return inference(logits);
  }

  /**
   * Answers the bytes of a readout that the caller vouches was read by the model's spec, as {@link
   * #infer(Readout)}.
   *
   * @param values permuted, in mask order
   * @throws UserError when the length is not the model's
   * @throws InferenceException when the model fails
   */
  public Inference infer(byte[] values) {
    float[] logits = new float[card.labels().size()];
    infer(values, logits);
    return inference(logits);
  }

  /**
   * Answers a readout into the caller's array. Allocates about 600 bytes, whatever the model: what
   * ONNX Runtime's Java binding allocates for each run.
   *
   * @param logits receives one value for each label, in the order of the card's labels; has exactly
   *     their number
   * @throws UserError when the readout was read by another spec or has another length
   * @throws InferenceException when the model fails
   */
  public void infer(Readout readout, float[] logits) {
    requireRoom(logits);
    answerInto(filled(readout), logits);
  }

  /**
   * Answers the bytes of a readout into the caller's array, as {@link #infer(Readout, float[])}.
   *
   * @param values permuted, in mask order
   * @throws UserError when the length is not the model's
   * @throws InferenceException when the model fails
   */
  public void infer(byte[] values, float[] logits) {
    requireRoom(logits);
    answerInto(filled(values), logits);
  }

  /**
   * Answers a readout with the likeliest labels only. Beyond what {@link #infer(Readout, float[])}
   * allocates, about 90 bytes for each label that is given.
   *
   * @param most labels to give, at least 1
   * @throws UserError when the readout was read by another spec or has another length
   * @throws InferenceException when the model fails
   */
  public Classification classify(Readout readout, int most) {
    return ranked(filled(readout), most);
  }

  /**
   * Answers the bytes of a readout with the likeliest labels only, as {@link #classify(Readout,
   * int)}.
   *
   * @param values permuted, in mask order
   * @throws UserError when the length is not the model's
   * @throws InferenceException when the model fails
   */
  public Classification classify(byte[] values, int most) {
    return ranked(filled(values), most);
  }

  /**
   * Makes room for several readouts that are answered in one run.
   *
   * @param readouts at most in one run, 1..1024
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

  /** Whether the model's file allows more than one readout in one run. */
  public boolean takesBatches() {
    return whileOpen(() -> !takesOneAtATime());
  }

  private boolean takesOneAtATime() throws OrtException {
    return session.getInputInfo().values().stream()
        .anyMatch(node -> node.getInfo() instanceof TensorInfo tensor && tensor.getShape()[0] == 1);
  }

  /** Buffers for the first readouts of a batch. */
  InferenceBuffers part(InferenceBuffers batch, int readouts) {
    return whileOpen(() -> batch.first(readouts));
  }

  /** Runs the session once on buffers that a batch owns and has filled; their own logits. */
  float[] answer(InferenceBuffers filled) {
    return whileOpen(() -> run(filled));
  }

  /** What needs the session open until it is done. */
  @FunctionalInterface
  private interface SessionCall<T> {
    T call() throws OrtException;
  }

  private <T> T whileOpen(SessionCall<T> work) {
    lifecycle.readLock().lock();
    try {
      requireOpen();
      return work.call();
    } catch (OrtException e) {
      throw failure(e);
    } finally {
      lifecycle.readLock().unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new InferenceException("model %s has been closed".formatted(id()));
    }
  }

  private InferenceBuffers buffers(int readouts) throws OrtException {
    return new InferenceBuffers(environment, readouts, card.inputLength(), card.labels().size());
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

  private void requireRoom(float[] logits) {
    if (logits.length != card.labels().size()) {
      throw new IllegalArgumentException(
          "room for %d logits, model %s gives %d"
              .formatted(logits.length, id(), card.labels().size()));
    }
  }

  private InferenceBuffers filled(Readout readout) {
    requireSpec(readout.specId());
    InferenceBuffers buffers = take(readout.length());
    try {
      buffers.put(readout);
      return buffers;
    } catch (RuntimeException e) {
      giveBack(buffers);
      throw e;
    }
  }

  private InferenceBuffers filled(byte[] values) {
    InferenceBuffers buffers = take(values.length);
    buffers.put(values);
    return buffers;
  }

  private void answerInto(InferenceBuffers filled, float[] logits) {
    try {
      System.arraycopy(run(filled), 0, logits, 0, logits.length);
    } finally {
      giveBack(filled);
    }
  }

  private Classification ranked(InferenceBuffers filled, int most) {
    try {
      return new Classification(Softmax.likeliest(run(filled), card.labels(), most));
    } finally {
      giveBack(filled);
    }
  }

  private Inference inference(float[] logits) {
    return new Inference(
        logits, new Classification(Softmax.likeliest(logits, card.labels(), logits.length)));
  }

  /** Until they are given back, the session stays open. */
  private InferenceBuffers take(int length) {
    if (length != card.inputLength()) {
      throw new UserError(
          "the readout has %d bytes, model %s takes %d: give a readout by spec %s"
              .formatted(length, id(), card.inputLength(), card.spec().abbreviated()));
    }
    lifecycle.readLock().lock();
    try {
      requireOpen();
      InferenceBuffers buffers = idle.poll();
      return buffers == null ? buffers(1) : buffers;
    } catch (OrtException e) {
      lifecycle.readLock().unlock();
      throw failure(e);
    } catch (RuntimeException e) {
      lifecycle.readLock().unlock();
      throw e;
    }
  }

  private void giveBack(InferenceBuffers buffers) {
    idle.add(buffers);
    lifecycle.readLock().unlock();
  }

  /** The buffers' own logits, all of them finite. */
  private float[] run(InferenceBuffers buffers) {
    try {
      float[] logits = buffers.run(session);
      for (float logit : logits) {
        if (!Float.isFinite(logit)) {
          throw new InferenceException("model %s answered %s".formatted(id(), logit));
        }
      }
      return logits;
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  private InferenceException failure(OrtException e) {
    return new InferenceException("model %s failed: %s".formatted(id(), e.getMessage()), e);
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
