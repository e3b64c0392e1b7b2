package dev.blindsight.camera.bench;

import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSource;
import dev.blindsight.camera.inference.ReadoutBatch;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.ModelGraph;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A model that answers batches of readouts, whose bytes are random but the same in every run. */
final class ModelWorkload implements Workload {
  private static final String UNKNOWN = "unknown";

  private final String source;
  private final int batch;
  private final Model model;
  private final Optional<ModelGraph> graph;

  private ModelWorkload(String source, int batch, Model model, Optional<ModelGraph> graph) {
    this.source = source;
    this.batch = batch;
    this.model = model;
    this.graph = graph;
  }

  /**
   * Loads the model.
   *
   * @throws UserError one line, as {@link ModelSource#load}, or when the model takes no batches
   */
  static ModelWorkload load(String source, int threads, int batch) {
    Model model = ModelSource.load(source, new InferenceSettings(threads));
    try (ReadoutBatch _ = model.batch(batch)) {
      return new ModelWorkload(source, batch, model, model.graph());
    } catch (UserError e) {
      model.close();
      throw new UserError("%s: %s".formatted(source, e.getMessage()), e);
    }
  }

  @Override
  public String name() {
    return source;
  }

  /** The form of its graph, as fast. */
  String variant() {
    return graph.map(known -> lowerCase(known.form())).orElse(UNKNOWN);
  }

  /** The precision of its matrix products, as fp32. */
  String precision() {
    return graph.map(known -> lowerCase(known.precision())).orElse(UNKNOWN);
  }

  /** Whether the file tells how its graph was written. */
  boolean tellsItsGraph() {
    return graph.isPresent();
  }

  /** The bytes of one readout. */
  int inputLength() {
    return model.card().inputLength();
  }

  /** As the file tells; of files that do not, as the published network would compute it. */
  @Override
  public long multiplyAdds() {
    return batch
        * graph
            .map(ModelGraph::multiplyAdds)
            .orElseGet(() -> model.card().architecture().multiplyAdds(inputLength()));
  }

  @Override
  public Task task(int worker) {
    SplittableRandom random = new SplittableRandom(worker);
    List<byte[]> readouts = Stream.generate(() -> new byte[inputLength()]).limit(batch).toList();
    readouts.forEach(random::nextBytes);
    ReadoutBatch buffers = model.batch(batch);
    return new Task() {
      @Override
      public void run() {
        buffers.infer(readouts);
      }

      @Override
      public void close() {
        buffers.close();
      }
    };
  }

  @Override
  public void close() {
    model.close();
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
