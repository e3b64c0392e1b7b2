package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Grants as JSON files in a folder: {@code <folder>/<site>/<device>.json}. */
public final class GrantFile {
  private static final String SUFFIX = ".json";

  private GrantFile() {}

  /** Where the grant of a device is, or would be. */
  public static Path in(Path folder, DeviceAddress device) {
    return folder.resolve(device.site()).resolve(device.device() + SUFFIX);
  }

  /**
   * Reads a grant.
   *
   * @throws UserError one line that names the file, when it cannot be read, is not a grant, or is
   *     one of another device than its path says
   */
  public static DeviceGrant read(Path file) {
    DeviceGrant grant = StrictMapper.json().read(file, DeviceGrant.class);
    Path expected = in(Path.of(""), grant.address());
    if (!file.toAbsolutePath().endsWith(expected)) {
      throw new UserError(
          "%s: is the grant of %s: move it to %s".formatted(file, grant.address(), expected));
    }
    return grant;
  }

  /**
   * Writes a grant, for the eyes of its owner only; one that is there is replaced at once and
   * whole.
   *
   * @param folder made when it is not there
   * @return the file
   * @throws UserError when it cannot be written
   */
  public static Path write(Path folder, DeviceGrant grant) {
    Path file = in(folder, grant.address());
    try {
      Files.createDirectories(folder.resolve(grant.site()));
    } catch (IOException e) {
      throw new UserError(
          "%s: cannot be made a folder (%s): give another"
              .formatted(folder.resolve(grant.site()), e.getMessage()),
          e);
    }
    AtomicFile.writePrivate(
        file, (StrictMapper.json().write(grant) + "\n").getBytes(StandardCharsets.UTF_8));
    return file;
  }
}
