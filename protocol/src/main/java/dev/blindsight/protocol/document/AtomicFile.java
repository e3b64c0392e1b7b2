package dev.blindsight.protocol.document;

import dev.blindsight.protocol.UserError;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
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
  private static final FileAttribute<?> RIGHTS_OF_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private AtomicFile() {}

  /** What the file is beyond being there whole. */
  private enum Trait {
    /** Only its owner may read it. */
    PRIVATE,
    /** It was not there before. */
    NEW
  }

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
    write(target, out -> out.write(content), Set.of(Trait.PRIVATE));
  }

  /**
   * As {@link #writePrivate}, but never replaces a file.
   *
   * @throws UserError one line, when the file exists or cannot be written
   */
  public static void createPrivate(Path target, byte[] content) {
    write(target, out -> out.write(content), Set.of(Trait.PRIVATE, Trait.NEW));
  }

  /**
   * @throws UserError one line, when the file cannot be written
   */
  public static void write(Path target, Content content) {
    write(target, content, Set.of());
  }

  private static void write(Path target, Content content, Set<Trait> traits) {
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
      writeForced(aside, content, rights(directory, traits));
      if (traits.contains(Trait.NEW)) {
        Files.move(aside, absolute);
      } else {
        move(aside, absolute);
      }
    } catch (FileAlreadyExistsException e) {
      throw new UserError("%s exists: give the name of a new file".formatted(target), e);
    } catch (IOException e) {
      throw new UserError(
          "%s cannot be written (%s): check rights and free space"
              .formatted(target, e.getMessage()),
          e);
    } finally {
      deleteIfLeft(aside);
    }
  }

  private static FileAttribute<?>[] rights(Path directory, Set<Trait> traits) throws IOException {
    boolean known =
        Files.getFileStore(directory).supportsFileAttributeView(PosixFileAttributeView.class);
    return traits.contains(Trait.PRIVATE) && known
        ? new FileAttribute<?>[] {RIGHTS_OF_OWNER}
        : new FileAttribute<?>[0];
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
