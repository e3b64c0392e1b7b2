package dev.blindsight.trainer.corenet;

import dev.blindsight.protocol.UserError;
import dev.blindsight.trainer.byteformer.Tensor;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.corenet.PickleValue.Constant;
import dev.blindsight.trainer.corenet.PickleValue.Dictionary;
import dev.blindsight.trainer.corenet.PickleValue.DictionaryKey;
import dev.blindsight.trainer.corenet.PickleValue.TensorView;
import dev.blindsight.trainer.corenet.PickleValue.Text;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the weights in a PyTorch checkpoint without PyTorch, and without running anything in it.
 *
 * <p>Understood are the files that CoreNet writes by torch.save (CoreNet 1aa3acd): a state_dict or
 * a plain dict of tensors (best, last, averaged, moving average), and a full training checkpoint,
 * which holds weights and their moving average beside the optimiser's state; each as an archive or
 * in the older layout; of float32, float16 or bfloat16 values. A checkpoint is untrusted: whatever
 * it claims is compared with the size of the file before memory is taken for it (see {@link
 * PickleReader}, {@link StoredArchive}, {@link TensorReader}).
 */
public final class TorchCheckpoint {

  /** What a model wrapped for training on several devices puts before every name. */
  private static final String WRAPPED = "module.";

  /** Names of modules and numbers of layers with dots between. */
  private static final Pattern TENSOR_NAME = Pattern.compile("[A-Za-z0-9_.]{1,200}");

  private TorchCheckpoint() {}

  /**
   * The tensors of a checkpoint, in its order and by its names; of a full training checkpoint the
   * model's.
   *
   * @throws IOException when the file cannot be read
   * @throws UserError one line, when it is no such checkpoint
   */
  public static Weights read(Path file) throws IOException {
    return read(file, Optional.empty());
  }

  /**
   * The tensors of a checkpoint, in its order and by its names, without a leading {@code module.}.
   *
   * @param set which weights of a full training checkpoint; empty takes the model's, and is all
   *     that other checkpoints allow
   * @throws IOException when the file cannot be read
   * @throws UserError one line, when it is no such checkpoint or has no such weights
   */
  public static Weights read(Path file, Optional<WeightSet> set) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UserError("%s: no such file: check the path of the checkpoint".formatted(file));
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      MemorySegment content = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      return weights(content, set);
    } catch (RefusedException e) {
      throw new UserError(
          "%s is not a readable PyTorch checkpoint: %s; give one that CoreNet wrote"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static Weights weights(MemorySegment content, Optional<WeightSet> set)
      throws RefusedException {
    CheckpointLayout layout = CheckpointLayout.of(content);
    if (!(layout.root() instanceof Dictionary saved)) {
      throw new RefusedException("it does not hold a dict");
    }
    TensorReader reader = new TensorReader(layout, content.byteSize());
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (var entry : stateDict(saved, set).entries().entrySet()) {
      String name = name(entry.getKey());
      if (!(entry.getValue() instanceof TensorView view)) {
        throw new RefusedException("its entry %s is not a tensor".formatted(Printable.of(name)));
      }
      if (tensors.containsKey(name)) {
        throw new RefusedException("it has the tensor %s twice".formatted(Printable.of(name)));
      }
      tensors.put(name, reader.read(Printable.of(name), view));
    }
    return Weights.of(tensors);
  }

  /**
   * The dict of tensors: the whole, or of a full training checkpoint the part that is asked for.
   */
  private static Dictionary stateDict(Dictionary saved, Optional<WeightSet> set)
      throws RefusedException {
    if (!saved.entries().containsKey(key(WeightSet.MODEL))) {
      if (set.isPresent()) {
        throw new RefusedException("it holds one set of weights only, leave --weights out");
      }
      return saved;
    }
    WeightSet wanted = set.orElse(WeightSet.MODEL);
    @Nullable PickleValue part = saved.entries().get(key(wanted));
    if (part == null || part == Constant.NONE) {
      throw new RefusedException(
          "it was saved without %s, choose other --weights".formatted(wanted.key()));
    }
    if (!(part instanceof Dictionary dictionary)) {
      throw new RefusedException("its %s is not a dict".formatted(wanted.key()));
    }
    return dictionary;
  }

  private static DictionaryKey key(WeightSet set) {
    return new Text(set.key());
  }

  private static String name(DictionaryKey key) throws RefusedException {
    if (!(key instanceof Text(String name))) {
      throw new RefusedException("it names tensors by numbers");
    }
    if (!TENSOR_NAME.matcher(name).matches()) {
      throw new RefusedException("its key %s is no tensor's name".formatted(Printable.of(name)));
    }
    return name.startsWith(WRAPPED) ? name.substring(WRAPPED.length()) : name;
  }
}
