package dev.blindsight.camera.spool;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What stands in a segment file: entries, and marks that release them. Integers are big-endian.
 *
 * <pre>
 *  0  4  "BSR", 1: where a record begins, and the version of this layout
 *  4  4  n, the length of the content, 0..{@value #LONGEST_CONTENT}
 *  8  4  CRC-32C of all bytes from 12 on
 * 12  1  kind: 1 entry, 2 release
 * 13  8  id of the entry, at least 0
 * 21  8  microseconds since 1970, when the record was written
 * 29  n  content of an entry; a release has none
 * </pre>
 *
 * <p>The mark at the beginning lets a reader go on after a damaged record: it looks for the next
 * place that begins a record with a right checksum.
 *
 * @param kind what it says
 * @param id of the entry it is about
 * @param micros microseconds since 1970, when it was written
 * @param offset where it begins in its file
 * @param contentLength bytes of content behind the header
 */
record SpoolRecord(Kind kind, long id, long micros, int offset, int contentLength) {
  /** The length of a record without content. */
  static final int HEADER = 29;

  /** The longest content: the longest request, with room for what sealing adds. */
  static final int LONGEST_CONTENT = (4 << 20) + (64 << 10);

  private static final int MAGIC = 'B' << 24 | 'S' << 16 | 'R' << 8 | 1;
  private static final int CHECKED_FROM = 12;

  /** What a record says of its entry. */
  enum Kind {
    /** Here it is. */
    ENTRY(1),
    /** It is no longer needed. */
    RELEASE(2);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    private static Optional<Kind> of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  /**
   * What was read of a file.
   *
   * @param records the whole ones, in order
   * @param damagedPlaces runs of bytes that are no whole record
   * @param damagedBytes their length together
   */
  record Scan(List<SpoolRecord> records, int damagedPlaces, long damagedBytes) {}

  /** The length of the whole record. */
  int length() {
    return HEADER + contentLength;
  }

  /** A record's bytes. */
  static ByteBuffer encode(Kind kind, long id, long micros, byte[] content) {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER + content.length);
    bytes.putInt(MAGIC).putInt(content.length).putInt(0);
    bytes.put(kind.code).putLong(id).putLong(micros).put(content).flip();
    return bytes.putInt(8, checksum(bytes, 0, content.length));
  }

  /** Reads all whole records of a file, whatever stands between them. */
  static Scan scan(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.BIG_ENDIAN);
    List<SpoolRecord> records = new ArrayList<>();
    int places = 0;
    long damaged = 0;
    boolean whole = true;
    int at = 0;
    while (at < file.length) {
      Optional<SpoolRecord> record = decode(bytes, at);
      if (record.isPresent()) {
        records.add(record.get());
        at += record.get().length();
      } else {
        places += whole ? 1 : 0;
        damaged++;
        at++;
      }
      whole = record.isPresent();
    }
    return new Scan(records, places, damaged);
  }

  /**
   * The record that begins at an offset.
   *
   * @return empty when none does, or it is not whole
   */
  static Optional<SpoolRecord> decode(ByteBuffer bytes, int offset) {
    if (bytes.limit() - offset < HEADER || bytes.getInt(offset) != MAGIC) {
      return Optional.empty();
    }
    int contentLength = bytes.getInt(offset + 4);
    if (contentLength < 0
        || contentLength > LONGEST_CONTENT
        || contentLength > bytes.limit() - offset - HEADER
        || bytes.getInt(offset + 8) != checksum(bytes, offset, contentLength)) {
      return Optional.empty();
    }
    long id = bytes.getLong(offset + 13);
    long micros = bytes.getLong(offset + 21);
    return Kind.of(bytes.get(offset + CHECKED_FROM))
        .filter(kind -> id >= 0 && (kind == Kind.ENTRY || contentLength == 0))
        .map(kind -> new SpoolRecord(kind, id, micros, offset, contentLength));
  }

  private static int checksum(ByteBuffer bytes, int offset, int contentLength) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.slice(offset + CHECKED_FROM, HEADER - CHECKED_FROM + contentLength));
    return (int) checksum.getValue();
  }
}
