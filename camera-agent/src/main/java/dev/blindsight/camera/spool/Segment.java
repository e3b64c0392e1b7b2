package dev.blindsight.camera.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of a spool. Records are only ever added at its end, and an entry's release goes to the
 * file the entry is in: so a file can be deleted, whatever the others hold, as soon as all its
 * entries are released. Of one thread, but for {@link #force()}.
 */
final class Segment {
  private static final Pattern NAME = Pattern.compile("([0-7][0-9a-f]{15})\\.spool");

  private final Path file;
  private final FileChannel channel;
  private long size;
  private int unreleased;
  private volatile boolean dirty;

  private Segment(Path file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  /** The number of the segment whose file it is, if it is one's. */
  static Optional<Long> numberOf(Path file) {
    Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
    return name.matches() ? Optional.of(Long.parseLong(name.group(1), 16)) : Optional.empty();
  }

  /** A new, empty segment. */
  static Segment create(Path folder, long number) throws IOException {
    Path file = folder.resolve("%016x.spool".formatted(number));
    return new Segment(
        file,
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
        0);
  }

  /** A segment that an earlier process has left. */
  static Segment reopen(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new Segment(file, channel, channel.size());
  }

  /** The whole file. */
  byte[] content() throws IOException {
    return Files.readAllBytes(file);
  }

  /** It holds one more entry that is needed. */
  void entryAdded() {
    unreleased++;
  }

  /** One of its entries is no longer needed. */
  void entryReleased() {
    unreleased--;
  }

  /** Whether no entry of it is needed. */
  boolean isDone() {
    return unreleased == 0;
  }

  /** Its length in bytes. */
  long size() {
    return size;
  }

  /**
   * Adds a record whole; when that fails, nothing of it where the disk permits.
   *
   * @return where it begins
   */
  int append(ByteBuffer record) throws IOException {
    long offset = size;
    dirty = true;
    try {
      while (record.hasRemaining()) {
        size += channel.write(record, size);
      }
    } catch (IOException e) {
      withdraw(offset, e);
      throw e;
    }
    return Math.toIntExact(offset);
  }

  private void withdraw(long offset, IOException cause) {
    try {
      channel.truncate(offset);
      size = offset;
    } catch (IOException e) {
      // A torn record stays behind, which readers skip.
      cause.addSuppressed(e);
    }
  }

  /**
   * Reads an entry's content.
   *
   * @throws IOException also when the record is no longer whole
   */
  byte[] read(SpoolRecord entry) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(entry.length());
    int count;
    do {
      count = channel.read(bytes, entry.offset() + bytes.position());
    } while (count >= 0 && bytes.hasRemaining());
    SpoolRecord read =
        SpoolRecord.decode(bytes.flip(), 0)
            .filter(record -> record.id() == entry.id())
            .orElseThrow(() -> new IOException("%s is damaged".formatted(file)));
    byte[] content = new byte[read.contentLength()];
    bytes.get(SpoolRecord.HEADER, content);
    return content;
  }

  /** Forces what was added to the disk; from any thread. */
  void force() throws IOException {
    if (!dirty) {
      return;
    }
    // First: what is added while the disk works is forced the next time.
    dirty = false;
    try {
      channel.force(false);
    } catch (ClosedChannelException _) {
      // Deleted meanwhile: nothing of it need be kept.
    } catch (IOException e) {
      dirty = true;
      throw e;
    }
  }

  void close() throws IOException {
    channel.close();
  }

  void delete() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
