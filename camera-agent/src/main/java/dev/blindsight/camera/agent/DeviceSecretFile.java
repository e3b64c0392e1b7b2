package dev.blindsight.camera.agent;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a spec the device's secret when it asks for it, and forgets it when closed. */
public final class DeviceSecretFile implements Function<String, DeviceSecret>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceSecretFile.class);
  private static final Set<PosixFilePermission> FOR_OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private final @Nullable Path file;
  private @Nullable DeviceSecret secret;

  /**
   * @param file read when first asked for; absent, asking is an error
   */
  public DeviceSecretFile(@Nullable Path file) {
    this.file = file;
  }

  /**
   * Gives the secret.
   *
   * @throws UserError when the name is not the device's own, there is no file, or it cannot be read
   */
  @Override
  public DeviceSecret apply(String name) {
    if (!name.equals(ReadoutSpecDefinition.OWN_SECRET)) {
      throw new UserError(
          "the readout spec asks for the secret \"%s\": only the device's own, \"%s\", is known here"
              .formatted(name, ReadoutSpecDefinition.OWN_SECRET));
    }
    if (file == null) {
      throw new UserError("the readout spec is keyed: give the file with the device's secret");
    }
    if (secret == null) {
      secret = DeviceSecret.read(file);
      warnIfOthersMayRead(file);
    }
    return secret;
  }

  private static void warnIfOthersMayRead(Path file) {
    try {
      if (!Collections.disjoint(Files.getPosixFilePermissions(file), FOR_OTHERS)) {
        LOG.warn("{}: others may read this secret: chmod 600 it", file);
      }
    } catch (UnsupportedOperationException | IOException _) {
      // A file system that knows no such rights.
    }
  }

  @Override
  public void close() {
    if (secret != null) {
      secret.close();
    }
  }
}
