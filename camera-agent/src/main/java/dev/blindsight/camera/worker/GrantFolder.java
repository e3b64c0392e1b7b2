package dev.blindsight.camera.worker;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.DeviceKeys;
import dev.blindsight.protocol.seal.GrantFile;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices that may ask, as grant files in a folder. Thread-safe.
 *
 * <p>The folder is read again when somebody unknown asks or an epoch is unknown, though at most
 * once a second; and in any case once a minute, so that a grant that was removed ends. A file that
 * is no grant is named in the log once and admits nobody; the others go on.
 */
public final class GrantFolder implements DeviceKeys, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GrantFolder.class);
  private static final Duration SOONEST = Duration.ofSeconds(1);
  private static final Duration LATEST = Duration.ofMinutes(1);
  private static final Set<PosixFilePermission> FOR_OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private final Path folder;
  private final LongSupplier nanoTime;
  private final ReentrantLock reading = new ReentrantLock();
  private Map<Path, GrantRead> files = Map.of();
  private volatile Map<DeviceAddress, DeviceGrant> grants = Map.of();
  private volatile long readAt;

  /** By what a changed file is known. */
  private record Version(FileTime modified, long size, @Nullable Object key) {
    static Version of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }
  }

  /** What a version of a file gave; no grant when it was none. */
  private record GrantRead(Version version, @Nullable DeviceGrant grant) {}

  /**
   * Reads the folder for the first time.
   *
   * @throws UserError when there is no such folder, or it cannot be read
   */
  public GrantFolder(Path folder) {
    this(folder, System::nanoTime);
  }

  GrantFolder(Path folder, LongSupplier nanoTime) {
    this.folder = folder;
    this.nanoTime = nanoTime;
    if (!Files.isDirectory(folder)) {
      throw new UserError(
          "devices: %s: no such folder: make it with `provision grant --out`".formatted(folder));
    }
    try {
      read();
    } catch (IOException e) {
      throw new UserError(
          "devices: %s: cannot be read (%s): give the worker the right to"
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /** How many devices may ask. */
  public int size() {
    return grants.size();
  }

  @Override
  public Optional<DeviceGrant> find(DeviceAddress device) {
    if (isOlderThan(LATEST) && reading.tryLock()) {
      readAgainAndUnlock(LATEST);
    }
    DeviceGrant grant = grants.get(device);
    return grant == null ? findAnew(device) : Optional.of(grant);
  }

  @Override
  public Optional<DeviceGrant> findAnew(DeviceAddress device) {
    if (isOlderThan(SOONEST)) {
      reading.lock();
      readAgainAndUnlock(SOONEST);
    }
    return Optional.ofNullable(grants.get(device));
  }

  private boolean isOlderThan(Duration age) {
    return nanoTime.getAsLong() - readAt > age.toNanos();
  }

  private void readAgainAndUnlock(Duration age) {
    try {
      // Whoever waited for the lock finds that another has just read.
      if (isOlderThan(age)) {
        read();
      }
    } catch (IOException e) {
      LOG.warn(
          "{}: cannot be read ({}): going on with the {} devices known",
          folder,
          e.getMessage(),
          size());
    } finally {
      reading.unlock();
    }
  }

  /**
   * Keys that are no longer granted are left to the collector: somebody may just be opening a
   * readout with them.
   */
  private void read() throws IOException {
    readAt = nanoTime.getAsLong();
    Map<Path, GrantRead> now = new HashMap<>();
    for (Path file : grantFiles()) {
      try {
        Version version = Version.of(file);
        GrantRead before = files.get(file);
        now.put(
            file,
            before != null && before.version().equals(version) ? before : readFile(file, version));
      } catch (NoSuchFileException _) {
        // Removed since the folder was listed.
      }
    }
    files = now;
    Map<DeviceAddress, DeviceGrant> read = new HashMap<>();
    now.values().stream()
        .map(GrantRead::grant)
        .filter(Objects::nonNull)
        .forEach(grant -> read.put(grant.address(), grant));
    grants = Map.copyOf(read);
  }

  private List<Path> grantFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder, 2)) {
      return files
          .filter(file -> folder.relativize(file).getNameCount() == 2)
          .filter(file -> isGrantName(String.valueOf(file.getFileName())))
          .filter(Files::isRegularFile)
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Not what is being written: that begins with a dot. */
  private static boolean isGrantName(String name) {
    return name.endsWith(".json") && !name.startsWith(".");
  }

  private static GrantRead readFile(Path file, Version version) {
    try {
      DeviceGrant grant = GrantFile.read(file);
      warnIfOthersMayRead(file);
      return new GrantRead(version, grant);
    } catch (UserError e) {
      LOG.warn("{}; its device is not admitted", e.getMessage());
      return new GrantRead(version, null);
    }
  }

  private static void warnIfOthersMayRead(Path file) {
    try {
      if (!Collections.disjoint(Files.getPosixFilePermissions(file), FOR_OTHERS)) {
        LOG.warn("{}: others may read these keys: chmod 600 it", file);
      }
    } catch (UnsupportedOperationException | IOException _) {
      // A file system without such rights, or the file is just being replaced.
    }
  }

  /** Overwrites the keys. */
  @Override
  public void close() {
    reading.lock();
    try {
      grants.values().forEach(DeviceGrant::close);
      grants = Map.of();
      files = Map.of();
    } finally {
      reading.unlock();
    }
  }
}
