package dev.blindsight.trainer.cli;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that gives the device secret. */
final class SecretOption {
  @Option(
      names = "--secret",
      paramLabel = "FILE",
      description = "The device secret, for a recipe with a keyed mask or permutation.")
  private @Nullable Path secret;

  /**
   * The readout spec that a definition describes.
   *
   * @throws UserError when it needs the secret, and none is given or it cannot be read
   */
  ReadoutSpec resolve(ReadoutSpecDefinition definition) {
    if (!definition.needsSecret()) {
      return definition.resolve(name -> {
        throw new IllegalStateException("no secret is needed: " + name);
      });
    }
    if (secret == null) {
      throw new UserError("the recipe's readout is keyed: give the device secret with --secret");
    }
    try (DeviceSecret device = DeviceSecret.read(secret)) {
      return definition.resolve(_ -> device);
    }
  }
}
