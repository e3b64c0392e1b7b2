package dev.blindsight.camera.inference;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.document.StrictMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers in a file which models passed, so that a start need not try them again. Losing the file
 * costs a second at the next start and nothing else.
 */
final class SelfTestRecords {
  private static final Logger LOG = LoggerFactory.getLogger(SelfTestRecords.class);
  private static final int VERSION = 1;
  private static final int MOST = 64;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final Path file;

  /**
   * @param file need not exist, nor need its directory
   */
  SelfTestRecords(Path file) {
    this.file = file;
  }

  /**
   * Where the XDG base directory specification puts what a program remembers: {@code
   * $XDG_STATE_HOME/blindsight}, by default {@code ~/.local/state/blindsight}.
   */
  static SelfTestRecords of(Map<String, String> environment) {
    String given = environment.getOrDefault("XDG_STATE_HOME", "");
    Path state =
        given.startsWith("/")
            ? Path.of(given)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    return new SelfTestRecords(state.resolve("blindsight").resolve("self-tests.json"));
  }

  /**
   * The content of the file.
   *
   * @param passed of everything that passed a SHA-256 in hexadecimal digits, oldest first
   */
  private record Document(int version, List<String> passed) {
    Document {
      passed = List.copyOf(passed);
      if (version != VERSION) {
        throw new UserError("version is %d: only %d is understood".formatted(version, VERSION));
      }
      if (passed.size() > MOST || !passed.stream().allMatch(DIGEST.asMatchPredicate())) {
        throw new UserError("passed is no list of at most %d digests".formatted(MOST));
      }
    }
  }

  /**
   * Whether it passed before; no when the file is damaged.
   *
   * @param digest SHA-256 in hexadecimal digits
   */
  boolean passed(String digest) {
    return read().contains(digest);
  }

  /**
   * Remembers that it passed.
   *
   * @param digest SHA-256 in hexadecimal digits
   * @return why it cannot be remembered, in one line; absent when it is
   */
  @Nullable String remember(String digest) {
    List<String> passed = new ArrayList<>(read());
    passed.remove(digest);
    passed.add(digest);
    Document document =
        new Document(VERSION, passed.subList(Math.max(0, passed.size() - MOST), passed.size()));
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      AtomicFile.write(
          file, (StrictMapper.json().write(document) + "\n").getBytes(StandardCharsets.UTF_8));
      return null;
    } catch (IOException e) {
      return "%s cannot be written (%s)".formatted(file, e);
    } catch (UserError e) {
      return e.getMessage();
    }
  }

  private List<String> read() {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return StrictMapper.json().read(file, Document.class).passed();
    } catch (UserError e) {
      LOG.info("{}: models are tried again", e.getMessage());
      return List.of();
    }
  }
}
