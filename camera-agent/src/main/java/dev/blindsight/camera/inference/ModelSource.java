package dev.blindsight.camera.inference;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds a model by what a person writes: a path, or {@value #BUNDLED}. */
public final class ModelSource {
  /** The word for the model that comes with the program. */
  public static final String BUNDLED = "bundled";

  private static final String RESOURCE = "/dev/blindsight/camera/model/fashion-mnist-keep10.onnx";

  private ModelSource() {}

  /**
   * Loads the model.
   *
   * @param source a path, or {@value #BUNDLED}
   * @throws UserError one line, as {@link Model#load(Path, InferenceSettings)}
   */
  public static Model load(String source, InferenceSettings settings) {
    if (source.equals(BUNDLED)) {
      return Model.load(bundled(), "the bundled model", settings);
    }
    return Model.load(path(source), settings);
  }

  /**
   * The content of the model's file.
   *
   * @param source a path, or {@value #BUNDLED}
   * @throws UserError one line, when there is no such file
   */
  static InputStream open(String source) throws IOException {
    if (source.equals(BUNDLED)) {
      InputStream resource = ModelSource.class.getResourceAsStream(RESOURCE);
      if (resource == null) {
        throw new UserError(
            "this build has no bundled model: give --model a model file, or build with "
                + RESOURCE);
      }
      return resource;
    }
    return Files.newInputStream(ModelLoader.requireFile(path(source)));
  }

  private static Path path(String source) {
    try {
      return Path.of(source);
    } catch (InvalidPathException e) {
      throw new UserError(
          "\"%s\" is no path: give a model file, or %s".formatted(source, BUNDLED), e);
    }
  }

  private static byte[] bundled() {
    try (InputStream resource = open(BUNDLED)) {
      return resource.readAllBytes();
    } catch (IOException e) {
      throw new UserError("the bundled model cannot be read: install the program again", e);
    }
  }
}
