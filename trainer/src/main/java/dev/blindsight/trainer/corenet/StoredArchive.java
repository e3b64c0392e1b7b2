package dev.blindsight.trainer.corenet;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The entries of a ZIP archive whose entries are all stored as they are, as torch.save writes it.
 *
 * <p>Stricter than a ZIP reader has to be (PKWARE APPNOTE 6.3.10): entries are refused when they
 * are compressed or encrypted, when two have one name, when they overlap each other or the
 * directory, and when what stands before an entry names another than the directory does. So an
 * entry is never larger than the file, and all of them together are not either.
 */
final class StoredArchive {
  /** What every archive that torch.save writes begins with. */
  private static final int LOCAL_HEADER = 0x04034b50;

  private static final int DIRECTORY_HEADER = 0x02014b50;
  private static final int DIRECTORY_END = 0x06054b50;
  private static final int LARGE_DIRECTORY_END = 0x06064b50;
  private static final int LARGE_DIRECTORY_LOCATOR = 0x07064b50;

  private static final int LOCAL_HEADER_BYTES = 30;
  private static final int DIRECTORY_HEADER_BYTES = 46;
  private static final int DIRECTORY_END_BYTES = 22;
  private static final int LARGE_DIRECTORY_END_BYTES = 56;
  private static final int LARGE_DIRECTORY_LOCATOR_BYTES = 20;

  private static final int LARGE_FIELD = 1;
  private static final long IN_LARGE_FIELD = 0xffff_ffffL;
  private static final int MOST_ENTRIES = 1 << 16;
  private static final int LONGEST_NAME = 1024;

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment file;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Set<String> intact = new HashSet<>();

  /**
   * An entry.
   *
   * @param header where its local header starts
   * @param start where its content starts
   * @param length of the content
   * @param checksum the CRC-32 of the content
   */
  private record Entry(String name, long header, long start, long length, int checksum) {
    long end() {
      return start + length;
    }
  }

  /** Where the directory lies. */
  private record Directory(long start, long length, long entries) {}

  private StoredArchive(MemorySegment file) {
    this.file = file;
  }

  /** Whether a file begins as an archive does. */
  static boolean isArchive(MemorySegment file) {
    return file.byteSize() >= Integer.BYTES && file.get(INT, 0) == LOCAL_HEADER;
  }

  /**
   * Reads an archive's directory.
   *
   * @throws RefusedException when it is damaged or not of the strict kind
   */
  static StoredArchive open(MemorySegment file) throws RefusedException {
    StoredArchive archive = new StoredArchive(file);
    archive.readDirectory();
    return archive;
  }

  /** The names of the entries, in no order. */
  Set<String> names() {
    return Set.copyOf(entries.keySet());
  }

  /**
   * An entry's content, after its checksum has been compared once.
   *
   * @throws RefusedException when there is no such entry or it is damaged
   */
  MemorySegment content(String name) throws RefusedException {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new RefusedException("it lacks the entry " + Printable.of(name));
    }
    MemorySegment content = file.asSlice(entry.start(), entry.length());
    if (!intact.contains(name)) {
      if (checksum(content) != entry.checksum()) {
        throw new RefusedException(
            "its entry %s is damaged, the checksum differs".formatted(Printable.of(name)));
      }
      intact.add(name);
    }
    return content;
  }

  private static int checksum(MemorySegment content) {
    CRC32 checksum = new CRC32();
    long chunk = 1 << 30;
    for (long from = 0; from < content.byteSize(); from += chunk) {
      long length = Math.min(chunk, content.byteSize() - from);
      checksum.update(content.asSlice(from, length).asByteBuffer());
    }
    return (int) checksum.getValue();
  }

  private void readDirectory() throws RefusedException {
    Directory directory = directory();
    if (directory.entries() > MOST_ENTRIES
        || directory.entries() * DIRECTORY_HEADER_BYTES > directory.length()) {
      throw new RefusedException("it claims %d entries".formatted(directory.entries()));
    }
    long end = directory.start() + directory.length();
    long at = directory.start();
    for (long i = 0; i < directory.entries(); i++) {
      at = readEntry(at, end, directory.start());
    }
    if (at != end) {
      throw new RefusedException("its directory has another length than it claims");
    }
    requireApart();
  }

  private Directory directory() throws RefusedException {
    long end = directoryEnd();
    Directory small =
        new Directory(unsignedInt(end + 16), unsignedInt(end + 12), unsignedShort(end + 10));
    long locator = end - LARGE_DIRECTORY_LOCATOR_BYTES;
    boolean large = locator >= 0 && file.get(INT, locator) == LARGE_DIRECTORY_LOCATOR;
    long limit = end;
    Directory directory = small;
    if (large) {
      limit = file.get(LONG, locator + 8);
      if (limit < 0
          || limit > locator - LARGE_DIRECTORY_END_BYTES
          || file.get(INT, limit) != LARGE_DIRECTORY_END) {
        throw new RefusedException("the end of its directory is damaged");
      }
      directory =
          new Directory(
              file.get(LONG, limit + 48), file.get(LONG, limit + 40), file.get(LONG, limit + 32));
    }
    if (directory.start() < 0
        || directory.length() < 0
        || directory.entries() < 0
        || directory.length() > limit
        || directory.start() != limit - directory.length()) {
      throw new RefusedException("its directory is not where it should be");
    }
    return directory;
  }

  /** The record at the very end, which only a comment may follow. */
  private long directoryEnd() throws RefusedException {
    long last = file.byteSize() - DIRECTORY_END_BYTES;
    long first = Math.max(0, last - 0xffff);
    for (long at = last; at >= first; at--) {
      if (file.get(INT, at) == DIRECTORY_END && at + unsignedShort(at + 20) == last) {
        return at;
      }
    }
    throw new RefusedException("it has no directory: the file is cut off or damaged");
  }

  /** Reads the directory's entry at a place and gives the place of the next. */
  private long readEntry(long at, long end, long directory) throws RefusedException {
    if (at + DIRECTORY_HEADER_BYTES > end || file.get(INT, at) != DIRECTORY_HEADER) {
      throw new RefusedException("its directory is damaged");
    }
    int nameLength = unsignedShort(at + 28);
    int extraLength = unsignedShort(at + 30);
    long next = at + DIRECTORY_HEADER_BYTES + nameLength + extraLength + unsignedShort(at + 32);
    if (next > end || nameLength > LONGEST_NAME) {
      throw new RefusedException("its directory is damaged");
    }
    String name = text(at + DIRECTORY_HEADER_BYTES, nameLength);
    if ((unsignedShort(at + 8) & 1) != 0) {
      throw new RefusedException("its entry %s is encrypted".formatted(Printable.of(name)));
    }
    MemorySegment extra = file.asSlice(at + DIRECTORY_HEADER_BYTES + nameLength, extraLength);
    List<Long> sizes =
        sizes(extra, List.of(unsignedInt(at + 24), unsignedInt(at + 20), unsignedInt(at + 42)));
    if (unsignedShort(at + 10) != 0 || !sizes.get(0).equals(sizes.get(1))) {
      throw new RefusedException(
          "its entry %s is compressed, which PyTorch never does".formatted(Printable.of(name)));
    }
    Entry entry = entry(name, nameLength, sizes.get(2), sizes.get(0), file.get(INT, at + 16));
    if (entry.end() > directory) {
      throw new RefusedException(
          "its entry %s reaches outside the file".formatted(Printable.of(name)));
    }
    if (entries.put(name, entry) != null) {
      throw new RefusedException("it has the entry %s twice".formatted(Printable.of(name)));
    }
    return next;
  }

  /** Replaces the sizes that do not fit 32 bits by those of the field for large archives. */
  private static List<Long> sizes(MemorySegment extra, List<Long> small) throws RefusedException {
    if (!small.contains(IN_LARGE_FIELD)) {
      return small;
    }
    long at = 0;
    while (at + 4 <= extra.byteSize()) {
      int length = Short.toUnsignedInt(extra.get(SHORT, at + 2));
      if (Short.toUnsignedInt(extra.get(SHORT, at)) == LARGE_FIELD
          && at + 4 + length <= extra.byteSize()) {
        return largeSizes(extra.asSlice(at + 4, length), small);
      }
      at += 4 + length;
    }
    throw new RefusedException("its directory is damaged");
  }

  private static List<Long> largeSizes(MemorySegment field, List<Long> small)
      throws RefusedException {
    List<Long> sizes = new ArrayList<>();
    long at = 0;
    for (long size : small) {
      if (size != IN_LARGE_FIELD) {
        sizes.add(size);
      } else if (at + Long.BYTES <= field.byteSize()) {
        sizes.add(field.get(LONG, at));
        at += Long.BYTES;
      } else {
        throw new RefusedException("its directory is damaged");
      }
    }
    return sizes;
  }

  private Entry entry(String name, int nameLength, long header, long length, int checksum)
      throws RefusedException {
    long available = file.byteSize();
    if (header < 0
        || header > available - LOCAL_HEADER_BYTES - nameLength
        || file.get(INT, header) != LOCAL_HEADER
        || unsignedShort(header + 26) != nameLength
        || !text(header + LOCAL_HEADER_BYTES, nameLength).equals(name)) {
      throw new RefusedException(
          "its entry %s is not where the directory says".formatted(Printable.of(name)));
    }
    long start = header + LOCAL_HEADER_BYTES + nameLength + unsignedShort(header + 28);
    if (length < 0 || start > available || length > available - start) {
      throw new RefusedException(
          "its entry %s reaches outside the file".formatted(Printable.of(name)));
    }
    return new Entry(name, header, start, length, checksum);
  }

  private void requireApart() throws RefusedException {
    List<Entry> inOrder = new ArrayList<>(entries.values());
    inOrder.sort(Comparator.comparingLong(Entry::header));
    for (int i = 1; i < inOrder.size(); i++) {
      if (inOrder.get(i).header() < inOrder.get(i - 1).end()) {
        throw new RefusedException(
            "its entries %s and %s overlap"
                .formatted(
                    Printable.of(inOrder.get(i - 1).name()), Printable.of(inOrder.get(i).name())));
      }
    }
  }

  private String text(long at, int length) {
    return new String(
        file.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  private int unsignedShort(long at) {
    return Short.toUnsignedInt(file.get(SHORT, at));
  }

  private long unsignedInt(long at) {
    return Integer.toUnsignedLong(file.get(INT, at));
  }
}
