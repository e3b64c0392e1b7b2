package dev.blindsight.protocol.document;

import dev.blindsight.protocol.UserError;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes a file so that it is either there whole or not there: aside in the same directory, forced
 * to the disk, then renamed. An existing file is replaced; after a failure it is as it was.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What writes the content. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; need not close the stream. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * @throws UserError one line, when the file cannot be written
   */
  public static void write(Path target, byte[] content) {
    write(target, out -> out.write(content));
  }

  /**
   * Writes a file that only its owner may read, from its first byte on; where the file system knows
   * no such rights, an ordinary one.
   *
   * @throws UserError one line, when the file cannot be written
   */
  public static void writePrivate(Path target, byte[] content) {
    write(target, out -> out.write(content), true);
  }

  /**
   * @throws UserError one line, when the file cannot be written
   */
  public static void write(Path target, Content content) {
    write(target, content, false);
  }

  private static void write(Path target, Content content, boolean ownerOnly) {
    Path absolute = target.toAbsolutePath();
    Path directory = absolute.getParent();
    Path name = absolute.getFileName();
    if (directory == null || name == null || Files.isDirectory(absolute)) {
      throw new UserError("%s is a directory: give the path of a file".formatted(target));
    }
    if (!Files.isDirectory(directory)) {
      throw new UserError(
          "%s: the directory %s does not exist: create it first".formatted(target, directory));
    }
    Path aside =
        directory.resolve(
            ".%s.%d-%d.part"
                .formatted(name, ProcessHandle.current().pid(), Thread.currentThread().threadId()));
    try {
      Files.deleteIfExists(aside);
      writeForced(aside, content, ownerOnly ? rightsOfOwner(directory) : new FileAttribute<?>[0]);
      move(aside, absolute);
    } catch (IOException e) {
      throw new UserError(
          "%s cannot be written (%s): check rights and free space"
              .formatted(target, e.getMessage()),
          e);
    } finally {
      deleteIfLeft(aside);
    }
  }

  private static FileAttribute<?>[] rightsOfOwner(Path directory) throws IOException {
    if (!Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class)) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
    };
  }

  private static void writeForced(Path file, Content content, FileAttribute<?>[] rights)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void deleteIfLeft(Path aside) {
    try {
      Files.deleteIfExists(aside);
    } catch (IOException e) {
      // A leftover with a name that says so does no harm; what failed before matters more.
      aside.toFile().deleteOnExit();
    }
  }
}
