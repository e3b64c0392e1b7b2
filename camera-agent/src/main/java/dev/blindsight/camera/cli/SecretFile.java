package dev.blindsight.camera.cli;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names a device secret, which only the keyed scheme uses. */
final class SecretFile {
  @Option(
      names = "--secret",
      paramLabel = "FILE",
      description = "for --scheme keyed: the device secret, 64 hex digits or 32 bytes")
  private @Nullable Path file;

  /** Fails unless the option was given. */
  <T> T use(Function<DeviceSecret, T> work) {
    if (file == null) {
      throw new UserError("--scheme keyed needs a secret: add --secret FILE");
    }
    try (DeviceSecret secret = DeviceSecret.read(file)) {
      return work.apply(secret);
    }
  }

  /** Fails if the option was given. */
  void requireAbsent() {
    if (file != null) {
      throw new UserError("--secret has no use here: add --scheme keyed, or leave it out");
    }
  }
}
