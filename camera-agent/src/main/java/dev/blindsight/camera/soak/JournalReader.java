package dev.blindsight.camera.soak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Follows a journal while others append to it. */
final class JournalReader implements AutoCloseable {
  private static final int PIECE = 1 << 16;

  private final FileChannel file;
  private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();

  private JournalReader(FileChannel file) {
    this.file = file;
  }

  /** Begins with the first entry; an absent file is made. */
  static JournalReader open(Path path) throws IOException {
    if (!Files.exists(path)) {
      Files.createFile(path);
    }
    return new JournalReader(FileChannel.open(path));
  }

  /** Gives every entry that is there and has not been given yet. */
  void drain(Consumer<JournalEntry> consumer) throws IOException {
    InputStream input = Channels.newInputStream(file);
    byte[] piece = new byte[PIECE];
    for (int length = input.read(piece); length > 0; length = input.read(piece)) {
      int start = 0;
      for (int i = 0; i < length; i++) {
        if (piece[i] == '\n') {
          unfinished.write(piece, start, i - start);
          JournalEntry.parse(unfinished.toString(StandardCharsets.UTF_8)).ifPresent(consumer);
          unfinished.reset();
          start = i + 1;
        }
      }
      unfinished.write(piece, start, length - start);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
