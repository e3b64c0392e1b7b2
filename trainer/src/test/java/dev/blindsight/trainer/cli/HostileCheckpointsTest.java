package dev.blindsight.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.AttentionMode;
import dev.blindsight.protocol.model.ByteFormerArchitecture;
import dev.blindsight.trainer.byteformer.Weights;
import dev.blindsight.trainer.corenet.CheckpointWriter;
import dev.blindsight.trainer.corenet.CheckpointWriter.Values;
import dev.blindsight.trainer.corenet.CheckpointWriter.View;
import dev.blindsight.trainer.corenet.TorchCheckpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A checkpoint is a stranger's file: whatever is in it, importing it either writes the model or
 * says in one line why not, runs nothing, takes no more memory than the file's size allows, and
 * leaves nothing behind.
 */
class HostileCheckpointsTest {
  private static final int DAMAGED = 1_700;

  /**
   * Memory of the reader for each byte of a file, and at all. Much of it is for one-byte
   * instructions that make an object each, of which no more than 262,144 are followed.
   */
  private static final long BYTES_PER_BYTE = 128;

  private static final long BYTES_AT_ALL = 1 << 20;

  /** Memory of the reader for each byte of a file that is what it should be. */
  private static final long BYTES_PER_SOUND_BYTE = 12;

  /** Memory of the whole command, which for files that can be read writes and runs a model. */
  private static final long BYTES_OF_COMMAND = 64 << 20;

  private static final ByteFormerArchitecture NETWORK =
      new ByteFormerArchitecture(
          8,
          1,
          2,
          8,
          4,
          List.of(4),
          List.of(0),
          List.of(true),
          20,
          3,
          1e-5,
          AttentionMode.REFERENCE);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path folder;
  private Path checkpoint = Path.of("");
  private Path model = Path.of("");
  private Path marker = Path.of("");
  private int written;
  private int refused;

  @BeforeEach
  void emptyFolder() throws IOException {
    checkpoint = folder.resolve("checkpoint.pt");
    model = folder.resolve("model.onnx");
    marker = folder.resolve("marker");
    // What is loaded with the first use of the classes is not the file's doing.
    expose(CheckpointWriter.archive(state()));
    written = 0;
    refused = 0;
  }

  @Test
  void import_ofDamagedCheckpoint_writesModelOrRefuses() throws IOException {
    SplittableRandom random = new SplittableRandom(20_251);
    Weights weights = Weights.initialise(NETWORK, 1);
    List<byte[]> sound =
        List.of(
            CheckpointWriter.archive(state()),
            CheckpointWriter.legacy(state()),
            CheckpointWriter.archive(CheckpointWriter.training(weights, weights)),
            CheckpointWriter.legacy(CheckpointWriter.training(weights, weights)));
    for (int i = 0; i < DAMAGED; i++) {
      expose(damaged(sound.get(i % sound.size()), random));
    }

    assertThat(refused).isGreaterThan(DAMAGED / 2);
    assertThat(written + refused).isEqualTo(DAMAGED);
  }

  @Test
  void import_ofHostilePickle_refuses() throws IOException {
    List<String> pickles = hostilePickles();
    for (String pickle : pickles) {
      expose(archive(CheckpointWriter.latin("\u0080\u0002" + pickle + ".")));
      String legacy = new String(CheckpointWriter.legacy(Map.of()), StandardCharsets.ISO_8859_1);
      String start = legacy.substring(0, legacy.indexOf("ccollections"));
      expose(CheckpointWriter.latin(start + pickle + "."));
    }

    assertThat(refused).isEqualTo(2 * pickles.size());
  }

  @Test
  void import_ofHostileTensor_refuses() throws IOException {
    SplittableRandom random = new SplittableRandom(20_252);
    long[] numbers = {
      0, 1, 3, 5, 1 << 20, Integer.MAX_VALUE, 1L << 32, 1L << 62, Long.MAX_VALUE, -1, Long.MIN_VALUE
    };
    for (int i = 0; i < 200; i++) {
      int dimensions = random.nextInt(1, 6);
      List<Long> size =
          random.ints(dimensions, 0, numbers.length).mapToObj(n -> numbers[n]).toList();
      List<Long> stride =
          random.ints(dimensions, 0, numbers.length).mapToObj(n -> numbers[n]).toList();
      byte[] bytes = new byte[16];
      long claimed = random.nextBoolean() ? 4 : numbers[random.nextInt(numbers.length)];
      Values values = new Values("0", "FloatStorage", claimed, bytes);
      View view = new View(values, numbers[random.nextInt(3)], size, stride);
      SequencedMap<String, Object> state = state();
      state.put("classifier.bias", view);
      expose(
          random.nextBoolean() ? CheckpointWriter.archive(state) : CheckpointWriter.legacy(state));
    }

    assertThat(refused).isEqualTo(200);
  }

  @Test
  void read_ofSoundCheckpoint_takesAFewTimesItsSize() throws IOException, URISyntaxException {
    Path sound =
        Path.of(
            Objects.requireNonNull(
                    HostileCheckpointsTest.class.getResource(
                        "/reference/small_k4_w16_h2/checkpoint.pt"))
                .toURI());
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThat(TorchCheckpoint.read(sound).names()).isNotEmpty();

    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .isLessThan(BYTES_PER_SOUND_BYTE * Files.size(sound));
  }

  private List<String> hostilePickles() {
    String run =
        "X%c\0\0\0touch %s\u0085R".formatted((char) (6 + marker.toString().length()), marker);
    String self = "}q\0X\u0001\0\0\0ah\0s";
    Stream<String> calls =
        Stream.of(
                "os\nsystem",
                "posix\nsystem",
                "nt\nsystem",
                "builtins\neval",
                "builtins\nexec",
                "builtins\ngetattr",
                "__builtin__\neval",
                "subprocess\nPopen",
                "runpy\n_run_code",
                "numpy.core.multiarray\n_reconstruct",
                "numpy\nload",
                "torch\nload",
                "torch.hub\nload",
                "torch._utils\n_rebuild_parameter",
                "torch\nTypedStorage",
                "collections\nOrderedDict\u0000",
                "a".repeat(100_000) + "\nb")
            .map(name -> "c" + name + "\n" + run);
    Stream<String> programs =
        Stream.of(
            // A list that holds itself, a dict that holds itself and is its own state.
            "]q\0h\0a",
            self,
            self + "h\0b",
            // Deep nesting: marks, tuples, lists and dicts.
            "(".repeat(200_000),
            "N" + "\u0085".repeat(200_000),
            "]".repeat(100_000) + "a".repeat(99_999),
            "}".repeat(200_000),
            // Shared so often that a walk over it would not end.
            "N" + "q\0h\0\u0086".repeat(20_000),
            // Many remembered values, far apart.
            "N" + "r\u0000\u0000\u0000\u0080q\u0001".repeat(100_000),
            memo(300_000),
            // Lengths that are not there.
            "X\u00ff\u00ff\u00ff\u00ff",
            "X\u00ff\u00ff\u00ff\u007f",
            "\u008a\u00ff" + "a".repeat(255),
            // Opcodes that a state_dict has no use for.
            "\u0095\0\0\0\0\0\0\0\u007f",
            "X\u0002\0\0\0osX\u0006\0\0\0system\u0093",
            "(ios\nsystem\n",
            "(cos\nsystem\no",
            "Pid\n",
            "\u0082a",
            "cos\nsystem\n)\u0081",
            // Calls of what cannot be called, on what cannot be given.
            "NNR",
            "ccollections\nOrderedDict\nNR",
            "ccollections\nOrderedDict\n]R",
            "ctorch._utils\n_rebuild_tensor_v2\n)R",
            "ctorch._utils\n_rebuild_tensor_v2\n(NNNNNNtR",
            "NQ",
            "(X\u0007\0\0\0storageNNNNtQ",
            "NNs",
            "NNu",
            "Ne",
            "a",
            "b",
            "t",
            "h\u0005",
            "j\u0001\u0002\u0003\u0004",
            "",
            "N",
            "}NNs");
    return Stream.concat(calls, programs).toList();
  }

  private static String memo(int count) {
    StringBuilder program = new StringBuilder("N");
    for (int i = 0; i < count; i++) {
      program.append('r');
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        program.append((char) (((i * 7919) >>> shift) & 0xff));
      }
    }
    return program.toString();
  }

  private static byte[] damaged(byte[] sound, SplittableRandom random) throws IOException {
    return switch (random.nextInt(7)) {
      case 0 -> withFlippedBits(sound, random, 0, 1 + random.nextInt(8));
      case 1 -> Arrays.copyOf(sound, random.nextInt(sound.length));
      case 2 -> spliced(sound, random);
      // The directory of an archive, the keys of the older layout's storages.
      case 3 -> withFlippedBits(sound, random, sound.length * 3 / 4, 1 + random.nextInt(3));
      case 4 -> cut(sound, random);
      default -> withDamagedPickle(sound, random);
    };
  }

  private static byte[] withFlippedBits(
      byte[] sound, SplittableRandom random, int from, int flips) {
    byte[] damaged = sound.clone();
    for (int i = 0; i < flips; i++) {
      damaged[random.nextInt(from, damaged.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return damaged;
  }

  /** A piece of the file stands where another should. */
  private static byte[] spliced(byte[] sound, SplittableRandom random) {
    byte[] damaged = sound.clone();
    int length = 1 + random.nextInt(200);
    System.arraycopy(
        sound,
        random.nextInt(sound.length - length),
        damaged,
        random.nextInt(sound.length - length),
        length);
    return damaged;
  }

  private static byte[] cut(byte[] sound, SplittableRandom random) {
    int at = random.nextInt(sound.length - 20);
    int missing = 1 + random.nextInt(20);
    byte[] damaged = Arrays.copyOf(sound, sound.length - missing);
    System.arraycopy(sound, at + missing, damaged, at, damaged.length - at);
    return damaged;
  }

  /** An archive's pickle is damaged and its checksum made good. */
  private static byte[] withDamagedPickle(byte[] sound, SplittableRandom random)
      throws IOException {
    if (sound[0] != 'P') {
      return withFlippedBits(Arrays.copyOf(sound, sound.length), random, 20, 3);
    }
    SequencedMap<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(sound))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
    entries.compute(
        "archive/data.pkl",
        (_, pickle) -> {
          byte[] damaged = pickle == null ? new byte[0] : pickle.clone();
          for (int i = 0; i < 1 + random.nextInt(3); i++) {
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
          }
          return damaged;
        });
    return CheckpointWriter.zip(entries);
  }

  /** Reads and imports a file, and looks at everything that this may not do. */
  private void expose(byte[] content) throws IOException {
    Files.write(checkpoint, content);
    long before = threads.getCurrentThreadAllocatedBytes();
    boolean readable = read();
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated)
        .as("memory for a file of %d bytes", content.length)
        .isLessThan(BYTES_AT_ALL + BYTES_PER_BYTE * content.length);

    ImportCorenetRun run =
        ImportCorenetRun.of(
            "--checkpoint",
            checkpoint.toString(),
            "--heads",
            "2",
            "--window",
            "4",
            "--shifts",
            "0",
            "--length",
            "20",
            "--out",
            model.toString(),
            "--json");

    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(BYTES_OF_COMMAND);
    assertThat(marker).doesNotExist();
    if (run.code() == 0) {
      assertThat(readable).isTrue();
      assertThat(run.out().strip().lines()).hasSize(1);
      assertThat(folder).isDirectoryContaining(model::equals);
      Files.delete(model);
      written++;
    } else {
      assertThat(run.code()).as(run.err()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
      refused++;
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(checkpoint);
    }
  }

  private boolean read() throws IOException {
    try {
      return !TorchCheckpoint.read(checkpoint).names().contains("");
    } catch (UserError e) {
      assertThat(e).hasMessageNotContaining("\n");
      return false;
    }
  }

  private static SequencedMap<String, Object> state() {
    return CheckpointWriter.stateDict(Weights.initialise(NETWORK, 1));
  }

  private static byte[] archive(byte[] pickle) {
    return CheckpointWriter.zip(Map.of("archive/data.pkl", pickle));
  }
}
