package dev.blindsight.camera.inference;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.model.ModelCard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens ONNX Runtime sessions as they were measured to be fastest, and checks that graph and card
 * say the same.
 */
final class ModelLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ModelLoader.class);
  private static final String REMEDY = "export the model again";

  /** ONNX Runtime has no error code for it. */
  private static final Pattern NO_MEMORY =
      Pattern.compile("bad_alloc|bad allocation|Failed to allocate|out of memory");

  private ModelLoader() {}

  /** How a session is made of where the model is. */
  @FunctionalInterface
  private interface Opening {
    OrtSession open(OrtEnvironment environment, SessionOptions options) throws OrtException;
  }

  /** Sessions of one model in ONNX Runtime. */
  private record OnnxSessions(
      OrtEnvironment environment, Opening opening, InferenceSettings settings)
      implements ProviderSessions<OrtSession> {
    @Override
    public Set<OrtProvider> listed() {
      return OrtEnvironment.getAvailableProviders();
    }

    @Override
    public OrtSession open(ExecutionProvider provider) throws OrtException {
      try (SessionOptions options = options(settings)) {
        if (provider == ExecutionProvider.CUDA) {
          options.addCUDA();
        }
        return opening.open(environment, options);
      }
    }
  }

  static Model load(Path file, InferenceSettings settings) {
    String path = requireFile(file).toString();
    return load((environment, options) -> environment.createSession(path, options), path, settings);
  }

  /** The file, which can be read. */
  static Path requireFile(Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new UserError("%s: no readable file: check the path".formatted(file));
    }
    return file;
  }

  static Model load(byte[] onnx, String source, InferenceSettings settings) {
    return load(
        (environment, options) -> environment.createSession(onnx, options), source, settings);
  }

  private static Model load(Opening opening, String source, InferenceSettings settings) {
    OrtEnvironment environment = OnnxEnvironment.get();
    OpenedSession<OrtSession> opened;
    try {
      opened =
          OpenedSession.open(settings.provider(), new OnnxSessions(environment, opening, settings));
    } catch (OrtException e) {
      throw unopened(source, e);
    }
    if (opened.gaveUp() != null) {
      LOG.warn("{}: runs on the processor, for CUDA cannot be used: {}", source, opened.gaveUp());
    }
    LOG.info("{}: runs on {}", source, opened.provider());
    OrtSession session = opened.session();
    try {
      return new Model(environment, session, checkedCard(session, source), opened.provider());
    } catch (UserError e) {
      close(session, e);
      throw e;
    } catch (OrtException e) {
      close(session, e);
      throw new UserError(
          "%s: cannot be examined (%s): %s".formatted(source, OnnxEnvironment.firstLine(e), REMEDY),
          e);
    }
  }

  private static RuntimeException unopened(String source, OrtException e) {
    String reason = OnnxEnvironment.firstLine(e);
    if (NO_MEMORY.matcher(reason).find()) {
      return new InferenceException(
          "%s: too little memory for this model (%s): free some, or give a smaller model"
              .formatted(source, reason),
          e);
    }
    return new UserError(
        "%s: is no whole ONNX model (%s): %s".formatted(source, reason, REMEDY), e);
  }

  /** How every session is opened. The caller closes the options. */
  static SessionOptions options(InferenceSettings settings) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setInterOpNumThreads(1);
    options.setIntraOpNumThreads(settings.threadsPerInference());
    // Spinning threads take the processor from the sensor, from MQTT and from other callers.
    options.addConfigEntry("session.intra_op.allow_spinning", settings.dedicated() ? "1" : "0");
    return options;
  }

  private static ModelCard checkedCard(OrtSession session, String source) throws OrtException {
    String json =
        session
            .getMetadata()
            .getCustomMetadataValue(ModelCard.METADATA_KEY)
            .orElseThrow(
                () -> new UserError("%s: has no model card: %s".formatted(source, REMEDY)));
    ModelCard card;
    try {
      card = ModelCard.parse(json);
    } catch (UserError e) {
      throw new UserError("%s: %s".formatted(source, e.getMessage()), e);
    }
    requireTensor(
        session.getInputInfo(),
        InferenceBuffers.INPUT,
        OnnxJavaType.UINT8,
        card.inputLength(),
        "input",
        source);
    requireTensor(
        session.getOutputInfo(),
        InferenceBuffers.OUTPUT,
        OnnxJavaType.FLOAT,
        card.labels().size(),
        "output",
        source);
    return card;
  }

  private static void requireTensor(
      Map<String, NodeInfo> nodes,
      String name,
      OnnxJavaType type,
      int size,
      String role,
      String source) {
    String wanted = "%s of type %s and shape [batch, %d]".formatted(name, type, size);
    NodeInfo node = nodes.get(name);
    if (nodes.size() != 1 || node == null || !(node.getInfo() instanceof TensorInfo tensor)) {
      throw new UserError(
          "%s: the %ss are %s, the card asks for one, %s: %s"
              .formatted(source, role, nodes.keySet(), wanted, REMEDY));
    }
    long[] shape = tensor.getShape();
    boolean fits =
        tensor.type == type
            && shape.length == 2
            && (shape[0] == -1 || shape[0] == 1)
            && shape[1] == size;
    if (!fits) {
      throw new UserError(
          "%s: the %s is %s, the card asks for %s: %s"
              .formatted(source, role, describe(tensor), wanted, REMEDY));
    }
  }

  private static String describe(TensorInfo tensor) {
    return "of type %s and shape %s".formatted(tensor.type, Arrays.toString(tensor.getShape()));
  }

  private static void close(OrtSession session, Exception reason) {
    try {
      session.close();
    } catch (OrtException e) {
      reason.addSuppressed(e);
    }
  }
}
