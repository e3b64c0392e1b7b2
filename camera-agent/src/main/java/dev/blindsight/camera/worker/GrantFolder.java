package dev.blindsight.camera.worker;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.DeviceKeys;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The grants in a folder, {@code <site>/<device>.json}. The folder is looked at again when somebody
 * unknown asks, at most once a second, and whenever {@link #refresh()} is called; only files that
 * have changed are read. A file that is no grant is told of once and left out. Thread-safe.
 */
public final class GrantFolder implements DeviceKeys {
  private static final Logger LOG = LoggerFactory.getLogger(GrantFolder.class);
  private static final String SUFFIX = ".json";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Path folder;
  private final InstantSource clock;
  private volatile Map<DeviceAddress, GrantFile> files = Map.of();
  private Instant lookedAt;

  /** A file as it was read; without a grant when it is none. */
  private record GrantFile(FileTime modified, long size, @Nullable DeviceGrant grant) {
    boolean isStill(BasicFileAttributes now) {
      return now.size() == size && now.lastModifiedTime().equals(modified);
    }
  }

  private GrantFolder(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
    this.lookedAt = clock.instant();
  }

  /**
   * Reads a folder.
   *
   * @throws UserError when it is no folder that can be read
   */
  public static GrantFolder open(Path folder, InstantSource clock) {
    if (!Files.isDirectory(folder) || !Files.isReadable(folder)) {
      throw new UserError(
          "devices: %s is no readable folder: make it, and put grants there by `provision grant`"
              .formatted(folder));
    }
    GrantFolder opened = new GrantFolder(folder, clock);
    opened.refresh();
    return opened;
  }

  /** How many devices have a grant. */
  public int size() {
    return (int) files.values().stream().filter(file -> file.grant() != null).count();
  }

  @Override
  public Optional<DeviceGrant> find(DeviceAddress device) {
    Optional<DeviceGrant> known = known(device);
    return known.isPresent() ? known : findAnew(device);
  }

  @Override
  public Optional<DeviceGrant> findAnew(DeviceAddress device) {
    refreshNowAndThen();
    return known(device);
  }

  private Optional<DeviceGrant> known(DeviceAddress device) {
    return Optional.ofNullable(files.get(device)).map(GrantFile::grant);
  }

  private synchronized void refreshNowAndThen() {
    if (!clock.instant().isBefore(lookedAt.plus(PAUSE))) {
      refresh();
    }
  }

  /** Looks at the folder again. Grants whose file is gone are withdrawn. */
  public synchronized void refresh() {
    lookedAt = clock.instant();
    Map<DeviceAddress, GrantFile> found = new HashMap<>();
    try {
      for (Path site : children(folder)) {
        for (Path file : Files.isDirectory(site) ? children(site) : List.<Path>of()) {
          owner(site, file)
              .ifPresent(device -> found.put(device, read(file, device, files.get(device))));
        }
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("devices: {} cannot be read, so the grants stay as they were: {}", folder, e);
      return;
    }
    files = Map.copyOf(found);
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }

  /** Whose grant a file is by its place; empty when it is nobody's. */
  private static Optional<DeviceAddress> owner(Path site, Path file) {
    String name = file.getFileName().toString();
    if (!name.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    String siteName = site.getFileName().toString();
    String device = name.substring(0, name.length() - SUFFIX.length());
    return DeviceAddress.isName(siteName) && DeviceAddress.isName(device)
        ? Optional.of(new DeviceAddress(siteName, device))
        : Optional.empty();
  }

  private static GrantFile read(Path file, DeviceAddress owner, @Nullable GrantFile before) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      if (before != null && before.isStill(now)) {
        return before;
      }
      return new GrantFile(now.lastModifiedTime(), now.size(), grant(file, owner));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable DeviceGrant grant(Path file, DeviceAddress owner) {
    try {
      DeviceGrant grant = StrictMapper.json().read(file, DeviceGrant.class);
      if (grant.address().equals(owner)) {
        return grant;
      }
      LOG.warn("{}: left out, it is the grant of {}: move it to its place", file, grant.address());
    } catch (UserError e) {
      LOG.warn("left out: {}", e.getMessage());
    }
    return null;
  }
}
