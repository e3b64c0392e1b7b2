package dev.blindsight.camera.spool;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * A process that appends and releases as fast as it can until it is killed, and says so: {@code
 * kept ID} once an entry is kept, {@code released ID} before it is released, {@code refused REASON}
 * when an entry is not taken. An entry's content is its own check: {@link #content(long)}.
 */
final class SpoolProgram {
  private static final int AHEAD = 32;

  private SpoolProgram() {}

  /**
   * @param arguments the folder, the policy, how many entries to append, how many of a hundred to
   *     release
   */
  public static void main(String[] arguments) {
    SpoolSettings settings =
        new SpoolSettings(
            1L << 30, null, SpoolOrder.OLDEST_FIRST, SyncPolicy.valueOf(arguments[1]), null);
    long count = Long.parseLong(arguments[2]);
    int released = Integer.parseInt(arguments[3]);
    PrintStream out = System.out;
    Random random = new Random();
    CompletableFuture<?>[] ahead = new CompletableFuture<?>[AHEAD];
    try (Spool spool =
        Spool.open(
            Path.of(arguments[0]),
            settings,
            SpoolCodec.PLAIN,
            InstantSource.system(),
            new SilentListener())) {
      for (int i = 0; i < count; i++) {
        if (ahead[i % AHEAD] != null) {
          ahead[i % AHEAD].join();
        }
        long number = random.nextLong();
        CompletableFuture<Long> outcome = new CompletableFuture<>();
        ahead[i % AHEAD] =
            outcome.handle((id, failure) -> {
              if (failure != null) {
                out.println("refused " + failure.getMessage());
                return null;
              }
              out.println("kept %d %d".formatted(id, number));
              if (random.nextInt(100) < released) {
                out.println("released " + id);
                spool.release(id);
              }
              return null;
            });
        spool.append(content(number), outcome);
      }
      CompletableFuture.allOf(ahead).join();
    }
    out.println("done");
  }

  /** 20 to 2,019 bytes that follow from a number. */
  static byte[] content(long number) {
    Random random = new Random(number);
    byte[] content = new byte[20 + random.nextInt(2_000)];
    random.nextBytes(content);
    return ByteBuffer.wrap(content).putLong(number).array();
  }
}
