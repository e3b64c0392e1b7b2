package dev.blindsight.camera.spool;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a folder to one user. The operating system ends the lock with the process, however that
 * ends.
 */
final class FolderLock implements AutoCloseable {
  /**
   * Folders this process has locked. The operating system's locks belong to a process, and closing
   * the file a second time it was opened would end the lock of the first.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel channel;

  private FolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * @param folder exists
   * @throws UserError when the folder is in use, by this process or another, or cannot be locked
   */
  static FolderLock of(Path folder) {
    Path file = folder.resolve("lock");
    try {
      Path real = folder.toRealPath();
      if (!HELD.add(real)) {
        throw inUse(folder);
      }
      try {
        return new FolderLock(real, locked(folder, file));
      } catch (IOException | RuntimeException e) {
        HELD.remove(real);
        throw e;
      }
    } catch (IOException e) {
      throw new UserError(
          "%s cannot be locked (%s): check rights and free space".formatted(file, e.getMessage()),
          e);
    }
  }

  private static FileChannel locked(Path folder, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw inUse(folder);
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse(folder);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static UserError inUse(Path folder) {
    return new UserError(
        "%s is in use by another agent: stop it, or give each agent a state folder of its own"
            .formatted(folder));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // Nothing was written; the lock goes with the process at the latest.
    }
    HELD.remove(folder);
  }
}
