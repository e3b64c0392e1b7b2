package dev.blindsight.camera.sensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Searches all memory of this process that can be written, Java's and other, for lines of the
 * moving scene: for eight neighbouring values anywhere in a line. What is searched for is kept in
 * disguise, so as not to be found itself.
 */
public final class LinesInMemory {
  private static final Pattern REGION =
      Pattern.compile("([0-9a-f]+)-([0-9a-f]+) rw\\S+ \\S+ \\S+ \\S+ *(.*)");
  private static final long DISGUISE = 0x5DEE_CE66_D1B5_4A32L;
  private static final int CHUNK = 1 << 20;

  /** Disguised and sorted; nothing is boxed, for boxes of what is compared would be found. */
  private final long[] runs;

  private final int exposure;
  private final int width;
  private final int height;
  private final boolean[] beginnings = new boolean[1 << 16];

  /** Lines of luma of an exposure, of {@code width} values each. */
  public LinesInMemory(int exposure, int width, int height) {
    this.exposure = exposure;
    this.width = width;
    this.height = height;
    this.runs = new long[height * (width - Long.BYTES + 1)];
    int next = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column + Long.BYTES <= width; column++) {
        long run = run(row, column);
        runs[next++] = run ^ DISGUISE;
        beginnings[(int) (run & 0xFFFF)] = true;
      }
    }
    Arrays.sort(runs);
  }

  private long run(int row, int column) {
    long run = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      run |= (long) Scene.moving().valueAt(exposure, row, column + i, 0) << (i * Byte.SIZE);
    }
    return run;
  }

  private int lineOf(long disguised) {
    for (int row = 0; row < height; row++) {
      for (int column = 0; column + Long.BYTES <= width; column++) {
        if ((run(row, column) ^ DISGUISE) == disguised) {
          return row;
        }
      }
    }
    throw new IllegalArgumentException("no line of the scene");
  }

  /** The lines of which a run is in memory. */
  public Set<Integer> find() throws IOException {
    Set<Integer> found = new TreeSet<>();
    ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel memory = FileChannel.open(Path.of("/proc/self/mem"))) {
      for (String region : Files.readAllLines(Path.of("/proc/self/maps"))) {
        Matcher matcher = REGION.matcher(region);
        if (matcher.matches() && !matcher.group(3).startsWith("/")) {
          long begin = Long.parseLong(matcher.group(1), 16);
          long end = Long.parseLong(matcher.group(2), 16);
          for (long at = begin; at < end; at += CHUNK) {
            buffer.clear().limit((int) Math.min(CHUNK, end - at));
            if (!read(memory, buffer, at)) {
              break;
            }
            search(buffer.flip(), found);
            // Otherwise it would be found again in the buffer.
            buffer.clear();
            buffer.put(new byte[CHUNK]);
          }
        }
      }
    }
    return found;
  }

  private static boolean read(FileChannel memory, ByteBuffer buffer, long at) {
    try {
      return memory.read(buffer, at) > 0;
    } catch (IOException _) {
      // The region has been given back since.
      return false;
    }
  }

  private void search(ByteBuffer buffer, Set<Integer> found) {
    for (int i = 0; i + Long.BYTES <= buffer.limit(); i += Long.BYTES) {
      long run = buffer.getLong(i);
      if (run != 0
          && beginnings[(int) (run & 0xFFFF)]
          && Arrays.binarySearch(runs, run ^ DISGUISE) >= 0) {
        found.add(lineOf(run ^ DISGUISE));
      }
    }
  }
}
