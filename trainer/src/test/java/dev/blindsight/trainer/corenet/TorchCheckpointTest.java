package dev.blindsight.trainer.corenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.trainer.byteformer.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchCheckpointTest {

  @TempDir private Path folder;

  @Test
  void read_ofStateDict_givesEveryTensor() throws IOException {
    Weights weights = TorchCheckpoint.read(reference());

    assertThat(weights.names()).hasSize(61).startsWith("embeddings.weight");
    assertThat(weights.shape("token_reduction_net.weight")).containsExactly(64, 64, 4);
  }

  @Test
  void read_ofPickleThatCallsFunction_refusesItByName() throws IOException {
    // What os.system("true") looks like: GLOBAL, one string in a tuple, REDUCE.
    assertRefused("\u0080\u0002cos\nsystem\nX\u0004\0\0\0true\u0085R.", "os.system");
  }

  @Test
  void read_ofPickleThatNamesUnknownStorage_refusesItByName() throws IOException {
    assertRefused("\u0080\u0002ctorch\nQUInt8Storage\n.", "torch.QUInt8Storage");
  }

  @Test
  void read_ofPickleWithoutEnd_isRefused() throws IOException {
    assertRefused("\u0080\u0002}", "ends in the middle");
  }

  @Test
  void read_ofEmptyStack_isRefused() throws IOException {
    assertRefused("\u0080\u0002.", "more values than it made");
  }

  @Test
  void read_ofEntryThatIsNoTensor_namesTheEntry() throws IOException {
    assertRefused("\u0080\u0002}X\u0005\0\0\0epochK\u0007s.", "epoch");
  }

  @Test
  void read_ofTensorBeyondItsStorage_isRefused() throws IOException {
    assertRefused(tensor("K\u0001", "K\u0004"), "reaches outside its storage");
  }

  @Test
  void read_ofTensorWithMoreValuesThanItsStorage_isRefused() throws IOException {
    assertRefused(tensor("K\u0000", "K\u0002K\u0003"), "claims the size [2, 3]");
  }

  @Test
  void read_ofFileThatIsNoArchive_isRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("no.pt"), "no archive");

    assertThatThrownBy(() -> TorchCheckpoint.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no.pt");
  }

  @Test
  void read_ofAnyDamagedPickle_isReadOrRefused() throws IOException {
    Map<String, byte[]> entries = entries(reference());
    byte[] pickle = Objects.requireNonNull(entries.get("checkpoint/data.pkl"));
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = pickle.clone();
      for (int change = 0; change < 3; change++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      Path file = folder.resolve("damaged.pt");
      entries.put("checkpoint/data.pkl", damaged);
      write(file, entries);
      try {
        assertThat(TorchCheckpoint.read(file).names()).isNotNull();
      } catch (UserError e) {
        assertThat(e).hasMessageContaining("damaged.pt").hasMessageNotContaining("\n");
      }
    }
  }

  /** A state_dict of one tensor over a storage of four values. */
  private static String tensor(String offset, String size) {
    return "\u0080\u0002}X\u0001\0\0\0actorch._utils\n_rebuild_tensor_v2\n("
        + "(X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\0"
        + "0X\u0003\0\0\0cpuK\u0004tQ"
        + offset
        + "("
        + size
        + "t("
        + size.replace("K\u0002K\u0002", "K\u0001K\u0002").replace("K\u0004", "K\u0001")
        + "t\u0089ccollections\nOrderedDict\n)RtRs.";
  }

  private void assertRefused(String pickle, String reason) throws IOException {
    Path file = folder.resolve("bad.pt");
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("bad/data.pkl", pickle.getBytes(StandardCharsets.ISO_8859_1));
    entries.put("bad/data/0", new byte[16]);
    write(file, entries);

    assertThatThrownBy(() -> TorchCheckpoint.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("bad.pt")
        .hasMessageContaining(reason);
  }

  private static Path reference() {
    try {
      return Path.of(
          Objects.requireNonNull(
                  TorchCheckpointTest.class.getResource("/reference/small_k4_w16_h2/checkpoint.pt"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, byte[]> entries(Path archive) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  private static void write(Path file, Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (var content : entries.entrySet()) {
        CRC32 checksum = new CRC32();
        checksum.update(content.getValue());
        ZipEntry entry = new ZipEntry(content.getKey());
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.getValue().length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content.getValue());
      }
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      bytes.writeTo(out);
    }
  }
}
