package dev.blindsight.camera.inference;

import ai.onnxruntime.OrtEnvironment;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries a model in a process of its own before an agent or a worker uses it. A native library that
 * was built for other instructions than the processor has, or a graph that crashes it, ends the
 * process it runs in, without a word and again after each restart: here that is a process that does
 * nothing else.
 *
 * <p>What passed is remembered for the same model, the same ONNX Runtime, the same processor and
 * the same provider; it is then not tried again.
 */
public final class ModelSelfTest {
  private static final Logger LOG = LoggerFactory.getLogger(ModelSelfTest.class);

  /** A slow device with a large model needs most of it to load. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int CHUNK = 1 << 16;

  private final SelfTestRecords records;
  private final String child;
  private final Duration limit;

  /**
   * @param child the class whose main method tries a model
   * @param limit how long it may take
   */
  ModelSelfTest(SelfTestRecords records, String child, Duration limit) {
    this.records = records;
    this.child = child;
    this.limit = limit;
  }

  /**
   * The self-test that remembers in the user's state directory.
   *
   * @param environment the process's variables; {@code XDG_STATE_HOME} names another directory than
   *     {@code ~/.local/state}
   */
  public static ModelSelfTest standard(Map<String, String> environment) {
    return new ModelSelfTest(SelfTestRecords.of(environment), SelfTestChild.class.getName(), LIMIT);
  }

  /**
   * Tries a model unless it passed before, then loads it.
   *
   * @param source a path, or {@value ModelSource#BUNDLED}
   * @throws UserError one line, when the model cannot be used anywhere, as {@link Model#load(Path,
   *     InferenceSettings)}
   * @throws InferenceException one line, when this machine cannot run it
   */
  public Model load(String source, InferenceSettings settings) {
    String subject = subject(source, settings);
    if (!records.passed(subject)) {
      LOG.info("model {}: trying it in a process of its own", source);
      attempt(source, settings);
      String reason = records.remember(subject);
      if (reason != null) {
        LOG.warn(
            "{}: model {} is tried again at each start: set XDG_STATE_HOME to a directory that can"
                + " be written",
            reason,
            source);
      }
    }
    return ModelSource.load(source, settings);
  }

  private void attempt(String source, InferenceSettings settings) {
    SelfTestProcess process;
    try {
      process = SelfTestProcess.run(child, SelfTestChild.arguments(source, settings), limit);
    } catch (IOException e) {
      throw new InferenceException(
          "model %s cannot be tried in a process of its own (%s): free memory and processes"
              .formatted(source, e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InferenceException("interrupted while model %s was tried".formatted(source), e);
    }
    LOG.debug("model {}: {}", source, process);
    SelfTestVerdict verdict =
        verdict(process)
            .orElseThrow(() ->
                new InferenceException(SelfTestDiagnosis.of(source, process, limit.toSeconds())));
    if (verdict.fault() != null) {
      String reason = String.valueOf(verdict.reason());
      throw switch (verdict.fault()) {
        case MODEL -> new UserError(reason);
        case MACHINE -> new InferenceException(reason);
      };
    }
  }

  /** Only of a process that ended in order: one that crashed afterwards is no use either. */
  private static Optional<SelfTestVerdict> verdict(SelfTestProcess process) {
    if (process.timedOut() || process.exitCode() != 0) {
      return Optional.empty();
    }
    return process
        .out()
        .lines()
        .filter(line -> line.startsWith("{"))
        .findFirst()
        .flatMap(ModelSelfTest::parse);
  }

  private static Optional<SelfTestVerdict> parse(String line) {
    try {
      return Optional.of(StrictMapper.json().read(line, SelfTestVerdict.class, "self-test"));
    } catch (UserError e) {
      return Optional.empty();
    }
  }

  /** A digest of all that a pass depends on. */
  private static String subject(String source, InferenceSettings settings) {
    MessageDigest digest = sha256();
    byte[] chunk = new byte[CHUNK];
    try (InputStream content = ModelSource.open(source)) {
      for (int read = content.read(chunk); read >= 0; read = content.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    } catch (IOException e) {
      throw new UserError("%s: cannot be read: give a readable file".formatted(source), e);
    }
    byte[] model = digest.digest();
    digest.update(model);
    for (String part :
        new String[] {
          onnxRuntime(), ProcessorIdentity.ofThisMachine().key(), settings.provider().name()
        }) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Tells builds of ONNX Runtime apart without loading one, which may be what crashes: the version
   * in the jar's manifest, and size and time of the native library where it lies beside.
   */
  private static String onnxRuntime() {
    String version = String.valueOf(OrtEnvironment.class.getPackage().getImplementationVersion());
    String natives = System.getProperty("onnxruntime.native.path");
    if (natives == null) {
      return version;
    }
    Path library = Path.of(natives, System.mapLibraryName("onnxruntime"));
    try {
      return "%s %d %s".formatted(version, Files.size(library), Files.getLastModifiedTime(library));
    } catch (IOException e) {
      return version;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
