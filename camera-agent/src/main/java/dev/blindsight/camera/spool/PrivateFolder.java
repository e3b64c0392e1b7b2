package dev.blindsight.camera.spool;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes folders that nobody but their owner can look into. */
public final class PrivateFolder {
  private static final String OWNER_ONLY = "rwx------";

  private PrivateFolder() {}

  /**
   * Makes a folder, and those above it, where it is not there.
   *
   * @return the folder
   * @throws UserError when it cannot be made
   */
  public static Path make(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
      }
      return folder;
    } catch (IOException e) {
      throw new UserError(
          "%s cannot be made (%s): check rights, or name another folder by state"
              .formatted(folder, e.getMessage()),
          e);
    }
  }
}
