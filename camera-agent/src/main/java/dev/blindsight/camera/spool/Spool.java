package dev.blindsight.camera.spool;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps entries on the disk until they are released: a log in segment files, as in Rosenblum and
 * Ousterhout, "The Design and Implementation of a Log-Structured File System" (ACM Transactions on
 * Computer Systems 10, 1992), but without a cleaner, since what is written here is soon released.
 *
 * <p>An entry is appended, taken by whoever deals with it, and released. What was appended and not
 * released is there again after a restart, whenever and however the process ended. A crash may
 * forget a release, so that an entry comes twice. Damaged records are left out, all others kept
 * ({@link SpoolRecord}).
 *
 * <p>The length of the files, the number of entries and their age are bounded. When there is no
 * room, the spool refuses what is new; with {@link SpoolOrder#NEWEST_FIRST} it first gives up the
 * oldest segment, about a sixty-fourth of it all, of which nothing is taken. While the disk fails,
 * entries are refused; once it works again, they are kept again.
 *
 * <p>All state belongs to one thread, which reads and writes; callers hand over and never wait.
 * Thread-safe. Stages of returned futures run on that thread: they hand slow work to another.
 */
public final class Spool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

  /** Each takes about half a kilobyte of memory, here and with its owner. */
  private static final int MOST_ENTRIES = 1 << 16;

  private static final int SEGMENTS = 64;
  private static final long SMALLEST_SEGMENT = 64L << 10;
  private static final long LARGEST_SEGMENT = 4L << 20;
  private static final long MOST_HANDED_OVER = 16L << 20;
  private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(1);
  private static final long CLOSING_SECONDS = 30;
  private static final String FULL = "the spool is full: are there workers?";

  private final Path folder;
  private final SpoolSettings settings;
  private final SpoolCodec codec;
  private final InstantSource clock;
  private final SpoolListener listener;
  private final FolderLock lock;
  private final SegmentFiles files;
  private final ExecutorService disk;
  private final ScheduledExecutorService keeper;

  // Of the disk's thread alone; ids grow with time.
  private final NavigableMap<Long, Entry> waiting = new TreeMap<>();
  private final Map<Long, Entry> taken = new HashMap<>();
  private final Queue<CompletableFuture<SpoolEntry>> takers = new ArrayDeque<>();
  private final List<Unforced> unforced = new ArrayList<>();
  private @Nullable SpoolEntry fresh;

  private final AtomicLong handedOver = new AtomicLong();
  private final AtomicBoolean troubled = new AtomicBoolean();
  private final LongAdder refused = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final LongAdder displaced = new LongAdder();
  private final LongAdder damaged = new LongAdder();
  private long firstOwnId;
  private volatile int entries;
  private volatile long bytes;

  /**
   * An entry that is kept.
   *
   * @param due on the scale of {@link System#nanoTime()}, when it expires
   */
  private record Entry(SegmentFiles.Place place, long due) {
    boolean isDue(long nanoTime) {
      return nanoTime - due >= 0;
    }
  }

  /** An entry that is written, and whose owner is told once it is forced to the disk. */
  private record Unforced(SegmentFiles.Place place, CompletableFuture<Long> outcome) {}

  private Spool(
      Path folder,
      SpoolSettings settings,
      SpoolCodec codec,
      InstantSource clock,
      SpoolListener listener,
      FolderLock lock) {
    this.folder = folder;
    this.settings = settings;
    this.codec = codec;
    this.clock = clock;
    this.listener = listener;
    this.lock = lock;
    this.files =
        new SegmentFiles(
            folder,
            Math.clamp(settings.maxBytesOrDefault() / SEGMENTS, SMALLEST_SEGMENT, LARGEST_SEGMENT));
    this.disk = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("spool").factory());
    this.keeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("spool-keeper").factory());
  }

  /**
   * Opens a spool with all that is in its folder. Damage found there is told in one warning.
   *
   * @param folder made when it is not there, for its owner alone
   * @param codec how contents look on the disk
   * @param clock tells how old entries of an earlier process are
   * @param listener told what goes wrong from now on
   * @throws UserError when the folder cannot be made or read, or is in use
   */
  public static Spool open(
      Path folder,
      SpoolSettings settings,
      SpoolCodec codec,
      InstantSource clock,
      SpoolListener listener) {
    PrivateFolder.make(folder);
    FolderLock lock = FolderLock.of(folder);
    try {
      Spool spool = new Spool(folder, settings, codec, clock, listener, lock);
      spool.restore();
      spool.begin();
      return spool;
    } catch (IOException e) {
      lock.close();
      throw new UserError(
          "spool %s cannot be read (%s): check rights and the disk"
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  private void restore() throws IOException {
    SegmentFiles.Remains remains = files.restore();
    Instant now = clock.instant();
    for (SegmentFiles.Place place : remains.entries()) {
      Instant written = Instant.EPOCH.plus(place.record().micros(), ChronoUnit.MICROS);
      add(place, Duration.between(written, now));
    }
    firstOwnId = remains.nextId();
    count();
    if (remains.damagedPlaces() > 0) {
      damaged.add(remains.damagedPlaces());
      LOG.warn(
          "spool {}: damaged in {} places, {} bytes together, which are skipped; {} entries are"
              + " kept. A process or a power supply that ends while a record is written leaves one"
              + " such place",
          folder,
          remains.damagedPlaces(),
          remains.damagedBytes(),
          entries);
    }
  }

  private void begin() {
    long pause = EXPIRY_INTERVAL.toNanos();
    // Not before whoever opens it is ready to be told.
    ScheduledFuture<?> _ =
        keeper.scheduleWithFixedDelay(
            () -> submit(this::expire), pause, pause, TimeUnit.NANOSECONDS);
    if (settings.fsyncOrDefault() == SyncPolicy.INTERVAL) {
      long interval = settings.fsyncInterval().toNanos();
      // Not on the disk's thread: an answer need not wait for a slow disk.
      ScheduledFuture<?> _ =
          keeper.scheduleWithFixedDelay(
              this::forceAtInterval, interval, interval, TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Hands an entry over, and returns at once.
   *
   * @param content the spool's from now on: handed on to whoever waits for an entry, or overwritten
   *     before the outcome is complete
   * @param outcome completed with the entry's id once it is kept as the policy asks, before anybody
   *     can take it; fails with {@link SpoolRefusedException} when it is not kept
   */
  public void append(byte[] content, CompletableFuture<Long> outcome) {
    if (content.length > SpoolRecord.LONGEST_CONTENT) {
      refuse("an entry is too long for the spool", content, outcome);
    } else if (handedOver.addAndGet(content.length) > MOST_HANDED_OVER) {
      handedOver.addAndGet(-content.length);
      refuse("the disk is too slow for the spool", content, outcome);
    } else if (!submit(() -> keep(content, outcome))) {
      refuse("the spool is closed", content, outcome);
    }
  }

  /**
   * Takes the entry whose turn it is. It stays in the spool until it is released.
   *
   * @return completes as soon as there is one; cancelled when the spool is closed, and to be
   *     cancelled by whoever no longer wants one
   */
  public CompletableFuture<SpoolEntry> take() {
    CompletableFuture<SpoolEntry> taker = new CompletableFuture<>();
    boolean open =
        submit(() -> {
          takers.add(taker);
          serve();
        });
    if (!open) {
      taker.cancel(false);
    }
    return taker;
  }

  /** Whether an entry was there already when the spool was opened. */
  public boolean isRestored(long id) {
    return id < firstOwnId;
  }

  /** Lets an entry go, taken or not. Without effect when it is gone already. */
  public void release(long id) {
    submit(() -> remove(id));
  }

  /** How the spool fares. */
  public SpoolStatus status() {
    return new SpoolStatus(
        entries, bytes, refused.sum(), expired.sum(), displaced.sum(), damaged.sum());
  }

  private boolean submit(Runnable task) {
    try {
      disk.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException e) {
          // Whatever it is, it must not end the spool.
          LOG.error("spool {}", folder, e);
        } finally {
          count();
        }
      });
      return true;
    } catch (RejectedExecutionException _) {
      return false;
    }
  }

  private void count() {
    entries = waiting.size() + taken.size();
    bytes = files.bytes();
  }

  private void keep(byte[] content, CompletableFuture<Long> outcome) {
    handedOver.addAndGet(-content.length);
    try {
      byte[] sealed = codec.seal(content);
      makeRoom(SpoolRecord.HEADER + sealed.length);
      SegmentFiles.Place place = files.append(sealed, micros());
      confirm(new Unforced(place, outcome), content);
    } catch (SpoolRefusedException e) {
      refuse(String.valueOf(e.getMessage()), content, outcome);
    } catch (IOException e) {
      refuse("the spool cannot be written: " + e.getMessage(), content, outcome);
    }
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  /** The clock tells ages across restarts only: while a process runs, somebody may set it. */
  private void add(SegmentFiles.Place place, Duration age) {
    Duration left = settings.maxAge().minus(age.isNegative() ? Duration.ZERO : age);
    waiting.put(place.id(), new Entry(place, System.nanoTime() + left.toNanos()));
  }

  private void makeRoom(int length) throws SpoolRefusedException {
    if (isFull(length)) {
      // The newest segment may hold nothing but what is released.
      files.retire();
    }
    while (isFull(length)) {
      if (settings.orderOrDefault() == SpoolOrder.OLDEST_FIRST || !displaceOldest()) {
        throw new SpoolRefusedException(FULL);
      }
    }
  }

  private boolean isFull(int length) {
    return waiting.size() + taken.size() >= MOST_ENTRIES
        || files.bytes() + length > settings.maxBytesOrDefault();
  }

  /** Gives up what waits in the oldest segment of which nothing is taken. */
  private boolean displaceOldest() {
    Set<Segment> held =
        taken.values().stream().map(entry -> entry.place().segment()).collect(Collectors.toSet());
    Optional<Segment> oldest =
        waiting.values().stream()
            .map(entry -> entry.place().segment())
            .filter(segment -> !held.contains(segment))
            .findFirst();
    if (oldest.isEmpty()) {
      return false;
    }
    waiting.values().stream()
        .filter(entry -> entry.place().segment() == oldest.get())
        .toList()
        .forEach(entry -> lose(entry, SpoolLoss.DISPLACED));
    return true;
  }

  private void confirm(Unforced entry, byte[] content) {
    if (settings.fsyncOrDefault() != SyncPolicy.ALWAYS) {
      tellKept(entry, content);
      return;
    }
    Arrays.fill(content, (byte) 0);
    // What was handed over before the disk is forced is forced together.
    unforced.add(entry);
    if (unforced.size() == 1) {
      submit(this::forceAndTell);
    }
  }

  private void forceAndTell() {
    List<Unforced> written = List.copyOf(unforced);
    unforced.clear();
    try {
      files.force();
      written.forEach(entry -> tellKept(entry, null));
    } catch (IOException e) {
      for (Unforced entry : written) {
        markReleased(entry.place());
        refuse(notForced(e), new byte[0], entry.outcome());
      }
    }
  }

  private void tellKept(Unforced entry, byte @Nullable [] content) {
    if (troubled.compareAndSet(true, false)) {
      listener.recovered();
    }
    add(entry.place(), Duration.ZERO);
    boolean awaited = takers.stream().anyMatch(taker -> !taker.isDone());
    if (content != null && !awaited) {
      Arrays.fill(content, (byte) 0);
    }
    entry.outcome().complete(entry.place().id());
    // Whoever waits for it need not wait for the disk to give back what is still here.
    fresh = content != null && awaited ? new SpoolEntry(entry.place().id(), content) : null;
    serve();
    if (fresh != null) {
      Arrays.fill(fresh.content(), (byte) 0);
      fresh = null;
    }
  }

  private void forceAtInterval() {
    try {
      files.force();
    } catch (IOException e) {
      trouble(notForced(e));
    }
  }

  private static String notForced(IOException cause) {
    return "the spool cannot be forced to the disk: " + cause.getMessage();
  }

  private void refuse(String reason, byte[] content, CompletableFuture<Long> outcome) {
    Arrays.fill(content, (byte) 0);
    refused.increment();
    trouble(reason);
    outcome.completeExceptionally(new SpoolRefusedException(reason));
  }

  private void trouble(String reason) {
    troubled.set(true);
    listener.troubled(reason);
  }

  private void serve() {
    while (!takers.isEmpty() && !waiting.isEmpty()) {
      CompletableFuture<SpoolEntry> taker = takers.element();
      if (taker.isDone()) {
        takers.remove();
        continue;
      }
      Entry next =
          switch (settings.orderOrDefault()) {
            case OLDEST_FIRST -> waiting.firstEntry().getValue();
            case NEWEST_FIRST -> waiting.lastEntry().getValue();
          };
      give(next, taker);
    }
  }

  private void give(Entry entry, CompletableFuture<SpoolEntry> taker) {
    long id = entry.place().id();
    SpoolEntry given;
    try {
      given =
          fresh != null && fresh.id() == id
              ? fresh
              : new SpoolEntry(
                  id, codec.open(entry.place().segment().read(entry.place().record())));
    } catch (IOException e) {
      LOG.warn("spool {}: an entry is lost: {}", folder, e.getMessage());
      lose(entry, SpoolLoss.DAMAGED);
      return;
    }
    waiting.remove(id);
    taken.put(id, entry);
    if (taker.complete(given)) {
      fresh = fresh != null && fresh.id() == id ? null : fresh;
    } else {
      taken.remove(id);
      waiting.put(id, entry);
    }
  }

  private void expire() {
    long now = System.nanoTime();
    List<Entry> due = new ArrayList<>();
    for (Entry entry : waiting.values()) {
      if (!entry.isDue(now)) {
        // Those behind it are younger.
        break;
      }
      due.add(entry);
    }
    taken.values().stream().filter(entry -> entry.isDue(now)).forEach(due::add);
    due.forEach(entry -> lose(entry, SpoolLoss.EXPIRED));
  }

  private void lose(Entry entry, SpoolLoss loss) {
    switch (loss) {
      case EXPIRED -> expired.increment();
      case DISPLACED -> displaced.increment();
      case DAMAGED -> damaged.increment();
    }
    remove(entry.place().id());
    listener.lost(entry.place().id(), loss);
  }

  private void remove(long id) {
    Optional.ofNullable(waiting.remove(id))
        .or(() -> Optional.ofNullable(taken.remove(id)))
        .ifPresent(entry -> markReleased(entry.place()));
  }

  private void markReleased(SegmentFiles.Place place) {
    try {
      files.release(place, micros());
    } catch (IOException e) {
      // After a restart it comes again, which is harmless.
      trouble("the spool cannot be written: " + e.getMessage());
    }
  }

  /** Writes what was handed over, forces it to the disk and closes the files. */
  @Override
  public void close() {
    // Without interrupting them: an interrupted thread closes the file it works on.
    keeper.shutdown();
    submit(this::end);
    disk.shutdown();
    try {
      if (!disk.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("spool {}: the disk does not answer", folder);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    lock.close();
  }

  private void end() {
    takers.forEach(taker -> taker.cancel(false));
    takers.clear();
    if (!unforced.isEmpty()) {
      forceAndTell();
    }
    if (settings.fsyncOrDefault() != SyncPolicy.NEVER) {
      forceAtInterval();
    }
    files.close();
  }
}
