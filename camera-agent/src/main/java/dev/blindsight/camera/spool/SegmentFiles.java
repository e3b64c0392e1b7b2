package dev.blindsight.camera.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of one folder. Only the newest grows by entries, and never one that an earlier
 * process has left. Of one thread, but for {@link #force()}.
 */
final class SegmentFiles {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);
  private static final byte[] NOTHING = {};

  private final Path folder;
  private final long largestSegment;
  private final NavigableMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
  private @Nullable Segment active;
  private volatile boolean folderChanged;
  private long nextId;

  /**
   * Where an entry is.
   *
   * @param record in its segment's file
   */
  record Place(SpoolRecord record, Segment segment) {
    long id() {
      return record.id();
    }
  }

  /**
   * @param largestSegment the length at which the next segment is begun, in bytes
   */
  SegmentFiles(Path folder, long largestSegment) {
    this.folder = folder;
    this.largestSegment = largestSegment;
  }

  /**
   * What an earlier process has left.
   *
   * @param entries those not released, in the order they came
   * @param damagedPlaces runs of bytes that are no record
   * @param damagedBytes their length together
   * @param nextId the id of the next entry that is appended
   */
  record Remains(List<Place> entries, int damagedPlaces, long damagedBytes, long nextId) {}

  /** Reads the folder; called once, before anything else. */
  Remains restore() throws IOException {
    NavigableMap<Long, Path> files = new TreeMap<>();
    try (Stream<Path> listing = Files.list(folder)) {
      listing.forEach(file -> Segment.numberOf(file).ifPresent(number -> files.put(number, file)));
    }
    List<Place> entries = new ArrayList<>();
    int damagedPlaces = 0;
    long damagedBytes = 0;
    for (Map.Entry<Long, Path> file : files.entrySet()) {
      Segment segment = Segment.reopen(file.getValue());
      segments.put(file.getKey(), segment);
      SpoolRecord.Scan scan = SpoolRecord.scan(segment.content());
      damagedPlaces += scan.damagedPlaces();
      damagedBytes += scan.damagedBytes();
      for (SpoolRecord record : unreleased(scan.records())) {
        segment.entryAdded();
        entries.add(new Place(record, segment));
      }
      discardIfDone(segment);
    }
    return new Remains(entries, damagedPlaces, damagedBytes, nextId);
  }

  private List<SpoolRecord> unreleased(List<SpoolRecord> records) {
    Set<Long> done = new HashSet<>();
    for (SpoolRecord record : records) {
      nextId = Math.max(nextId, record.id() + 1);
      if (record.kind() == SpoolRecord.Kind.RELEASE) {
        done.add(record.id());
      }
    }
    // An id counts once, should a file hold it twice.
    return records.stream()
        .filter(record -> record.kind() == SpoolRecord.Kind.ENTRY && done.add(record.id()))
        .toList();
  }

  /**
   * Writes an entry.
   *
   * @param micros microseconds since 1970
   */
  Place append(byte[] content, long micros) throws IOException {
    Segment segment = segmentFor(SpoolRecord.HEADER + content.length);
    long id = nextId++;
    try {
      int offset = segment.append(SpoolRecord.encode(SpoolRecord.Kind.ENTRY, id, micros, content));
      segment.entryAdded();
      return new Place(
          new SpoolRecord(SpoolRecord.Kind.ENTRY, id, micros, offset, content.length), segment);
    } catch (IOException e) {
      // Another file may do where this one does not.
      retire();
      throw e;
    }
  }

  private Segment segmentFor(int length) throws IOException {
    Segment current = active;
    if (current != null && current.size() + length <= largestSegment) {
      return current;
    }
    retire();
    long number = segments.isEmpty() ? 0 : segments.lastKey() + 1;
    Segment created = Segment.create(folder, number);
    segments.put(number, created);
    active = created;
    folderChanged = true;
    return created;
  }

  /** Adds nothing more to the newest segment. */
  void retire() {
    Segment retired = active;
    active = null;
    if (retired != null) {
      discardIfDone(retired);
    }
  }

  /**
   * Marks an entry as no longer needed, or deletes its segment where it was the last.
   *
   * @param micros microseconds since 1970
   */
  void release(Place place, long micros) throws IOException {
    Segment segment = place.segment();
    segment.entryReleased();
    if (segment.isDone() && segment != active) {
      discardIfDone(segment);
    } else {
      segment.append(SpoolRecord.encode(SpoolRecord.Kind.RELEASE, place.id(), micros, NOTHING));
    }
  }

  private void discardIfDone(Segment segment) {
    if (!segment.isDone()) {
      return;
    }
    segments.values().remove(segment);
    try {
      segment.delete();
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted ({}): delete it", segment, e.getMessage());
    }
  }

  /** The length of all files together. */
  long bytes() {
    return segments.values().stream().mapToLong(Segment::size).sum();
  }

  /** Forces what was written to the disk; from any thread. */
  void force() throws IOException {
    for (Segment segment : segments.values()) {
      segment.force();
    }
    if (folderChanged) {
      folderChanged = false;
      try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
        entries.force(true);
      }
    }
  }

  /** Closes all files, and deletes those of which nothing is needed. */
  void close() {
    retire();
    for (Segment segment : segments.values()) {
      try {
        segment.close();
      } catch (IOException e) {
        LOG.warn("{}: {}", segment, e.getMessage());
      }
    }
  }
}
