package dev.blindsight.camera.inference;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Finds a model by what a person writes: a path, {@value #BUNDLED} or {@value #BUNDLED_INT8}. */
public final class ModelSource {
  /** The word for the model that comes with the program. */
  public static final String BUNDLED = "bundled";

  /** The word for the same with products of 8-bit integers. */
  public static final String BUNDLED_INT8 = "bundled-int8";

  private static final String FOLDER = "/dev/blindsight/camera/model/";
  private static final Map<String, String> RESOURCES =
      Map.of(
          BUNDLED, FOLDER + "fashion-mnist-keep10.onnx",
          BUNDLED_INT8, FOLDER + "fashion-mnist-keep10-int8.onnx");

  private ModelSource() {}

  /**
   * Loads the model.
   *
   * @param source a path, or a bundled model's word
   * @throws UserError one line, as {@link Model#load(Path, InferenceSettings)}
   */
  public static Model load(String source, InferenceSettings settings) {
    return RESOURCES.containsKey(source)
        ? Model.load(bundled(source), "the %s model".formatted(source), settings)
        : Model.load(path(source), settings);
  }

  /**
   * The content of the model's file.
   *
   * @param source a path, or a bundled model's word
   * @throws UserError one line, when there is no such file
   */
  static InputStream open(String source) throws IOException {
    String name = RESOURCES.get(source);
    if (name == null) {
      return Files.newInputStream(ModelLoader.requireFile(path(source)));
    }
    InputStream resource = ModelSource.class.getResourceAsStream(name);
    if (resource == null) {
      throw new UserError(
          "this build has no %s model: give --model a model file, or build with %s"
              .formatted(source, name));
    }
    return resource;
  }

  private static Path path(String source) {
    try {
      return Path.of(source);
    } catch (InvalidPathException e) {
      throw new UserError(
          "\"%s\" is no path: give a model file, %s or %s".formatted(source, BUNDLED, BUNDLED_INT8),
          e);
    }
  }

  private static byte[] bundled(String source) {
    try (InputStream resource = open(source)) {
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UserError(
          "the %s model cannot be read: install the program again".formatted(source), e);
    }
  }
}
