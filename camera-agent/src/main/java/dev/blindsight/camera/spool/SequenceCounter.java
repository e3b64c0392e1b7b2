package dev.blindsight.camera.spool;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.document.StrictMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what a device seals, and never gives a number twice, for a key that seals two messages
 * under one number is broken (NIST SP 800-38D section 8: with GCM, a repeated nonce gives away the
 * authentication key).
 *
 * <p>A file holds the number below which all may have been given. It is raised by a block at a time
 * before the first of the block is given, so that the disk is written once in {@value #BLOCK}
 * messages, and a process that ends leaves the rest of its block unused. As no device seals a
 * message each microsecond for long, a process starts at the clock's microseconds since 1970 or at
 * the file's number, whichever is higher: so a file that was lost or copied back does not repeat
 * numbers either, and neither does a clock that went back. A salt, drawn when the file is made,
 * keeps apart what a lost file and a clock that went back together would repeat.
 *
 * <p>Thread-safe.
 */
public final class SequenceCounter {
  private static final Logger LOG = LoggerFactory.getLogger(SequenceCounter.class);

  /** How many numbers are reserved at a time. */
  static final long BLOCK = 1 << 16;

  private static final int VERSION = 1;
  private static final Pattern SALT = Pattern.compile("[0-9a-f]{8}");
  private static final long HIGHEST = 1L << 62;

  private final Path file;
  private final InstantSource clock;
  private final int salt;
  private long reserved;
  private long next;
  private boolean started;

  /**
   * The file.
   *
   * @param version 1
   * @param salt eight hexadecimal digits
   * @param reserved all numbers below it may have been given
   */
  private record Content(int version, String salt, long reserved) {
    Content {
      if (version != VERSION
          || !SALT.matcher(salt).matches()
          || reserved < 0
          || reserved > HIGHEST) {
        throw new UserError("is no counter of this version");
      }
    }

    int saltValue() {
      return HexFormat.fromHexDigits(salt);
    }
  }

  private SequenceCounter(Path file, InstantSource clock, int salt) {
    this.file = file;
    this.clock = clock;
    this.salt = salt;
  }

  /**
   * Goes on where the file ends, or begins anew with another salt where there is none that can be
   * read.
   *
   * @param file in a folder that exists; written when the first number is asked for. From then on
   *     of this process alone: the caller sees to that
   */
  public static SequenceCounter open(Path file, InstantSource clock) {
    try {
      Optional<Content> content = read(file);
      if (content.isPresent()) {
        return new SequenceCounter(file, clock, content.get().saltValue());
      }
    } catch (UserError e) {
      LOG.warn("{}: counting anew, under another salt", e.getMessage());
    }
    return new SequenceCounter(file, clock, new SecureRandom().nextInt());
  }

  private static Optional<Content> read(Path file) {
    return Files.exists(file)
        ? Optional.of(StrictMapper.json().read(file, Content.class))
        : Optional.empty();
  }

  /** What the file reserves under this salt: another process may have counted meanwhile. */
  private long reservedInFile() {
    try {
      return read(file)
          .filter(content -> content.saltValue() == salt)
          .map(Content::reserved)
          .orElse(0L);
    } catch (UserError _) {
      return 0;
    }
  }

  /** What the first four bytes of each nonce are. */
  public int salt() {
    return salt;
  }

  /**
   * A number that was never given before, higher than all before it.
   *
   * @return 0..2⁶³−1
   * @throws UserError when the file cannot be written; asking again later is harmless
   */
  public synchronized long next() {
    if (!started) {
      reserved = reservedInFile();
      next = Math.max(reserved, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
    }
    if (!started || next >= reserved) {
      reserve(next + BLOCK);
      started = true;
    }
    return next++;
  }

  private void reserve(long end) {
    Content content = new Content(VERSION, HexFormat.of().toHexDigits(salt), end);
    AtomicFile.write(file, StrictMapper.json().write(content).getBytes(StandardCharsets.UTF_8));
    reserved = end;
  }
}
