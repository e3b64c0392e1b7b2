package dev.blindsight.camera.sensor.csi;

import dev.blindsight.camera.sensor.csi.StreamBrokenException.Reason;
import dev.blindsight.camera.sensor.linux.LinuxCalls;
import dev.blindsight.camera.sensor.linux.Readiness;
import dev.blindsight.camera.sensor.linux.SystemCallException;
import dev.blindsight.camera.sensor.linux.Wakeup;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A running camera program and the pipe its frames come through. The pipe is read by read(2) into
 * memory of the caller: the streams of {@link Process} would keep up to 8 kB of a frame on the Java
 * heap, and all that is left in the pipe when the program ends.
 */
final class CameraProgram implements AutoCloseable {
  private static final Duration TO_END = Duration.ofSeconds(2);
  private static final int PAGE = 4096;

  private final Process process;
  private final LastLine said;
  private final int frames;
  private final Wakeup wakeup;
  private final AtomicLong bytesRead;

  private CameraProgram(Process process, int frames, Wakeup wakeup, AtomicLong bytesRead) {
    this.process = process;
    this.said = new LastLine(process.getErrorStream());
    this.frames = frames;
    this.wakeup = wakeup;
    this.bytesRead = bytesRead;
  }

  /**
   * Starts the program.
   *
   * @param line bytes of a line: the pipe is made to hold no more, rounded up to what the kernel
   *     has
   * @param bytesRead counts the bytes of frames
   * @throws IOException when it cannot be started
   */
  static CameraProgram start(String program, List<String> arguments, int line, AtomicLong bytesRead)
      throws IOException, SystemCallException {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(arguments);
    LinuxCalls.PipeEnds pipe = LinuxCalls.pipe();
    Wakeup wakeup = null;
    boolean started = false;
    try {
      wakeup = Wakeup.open();
      int _ = LinuxCalls.setPipeSize(pipe.reading(), Math.max(PAGE, line));
      Process process =
          new ProcessBuilder(command)
              .redirectInput(Redirect.from(new File("/dev/null")))
              .redirectOutput(Redirect.to(new File("/proc/self/fd/" + pipe.writing())))
              .start();
      started = true;
      return new CameraProgram(process, pipe.reading(), wakeup, bytesRead);
    } finally {
      // Only the program writes: once it has ended, so has the pipe.
      LinuxCalls.close(pipe.writing());
      if (!started) {
        LinuxCalls.close(pipe.reading());
        if (wakeup != null) {
          wakeup.close();
        }
      }
    }
  }

  /**
   * Reads exactly as many bytes as the memory has.
   *
   * @param deadline by {@link System#nanoTime()}
   * @throws StreamBrokenException when they do not come
   */
  void read(MemorySegment target, long deadline) {
    long filled = 0;
    while (filled < target.byteSize()) {
      awaitBytes(deadline);
      long count;
      try {
        count = LinuxCalls.read(frames, target.asSlice(filled));
      } catch (SystemCallException e) {
        throw new IllegalStateException("the camera program's pipe", e);
      }
      if (count == 0) {
        throw new StreamBrokenException(Reason.ENDED);
      }
      filled += count;
      bytesRead.addAndGet(count);
    }
  }

  /**
   * Waits until there is something to read.
   *
   * @param deadline by {@link System#nanoTime()}
   * @throws StreamBrokenException when nothing comes
   */
  void awaitBytes(long deadline) {
    switch (await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
      case READY -> {
        // What was waited for.
      }
      case HUNG_UP -> throw new StreamBrokenException(Reason.ENDED);
      case WOKEN -> throw new StreamBrokenException(Reason.CLOSED);
      case TIMED_OUT -> throw new StreamBrokenException(Reason.TIMED_OUT);
    }
  }

  /** Whether there is something to read at once. */
  boolean ready() {
    return await(Duration.ZERO) == Readiness.READY;
  }

  private Readiness await(Duration timeout) {
    try {
      return wakeup.await(frames, timeout);
    } catch (SystemCallException e) {
      throw new IllegalStateException("the camera program's pipe", e);
    }
  }

  /** How the program ended and the last it said, in a few words. */
  String describeEnd() {
    try {
      String how =
          process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)
              ? "ended with exit code " + process.exitValue()
              : "closed its output";
      return "%s (%s)".formatted(how, lastWords());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "ended";
    }
  }

  private String lastWords() throws InterruptedException {
    String line = said.await(Duration.ofMillis(500));
    return line.isEmpty() ? "it said nothing" : "it said: " + line;
  }

  /** Ends this wait and all later ones; from any thread, also after closing. */
  void wake() {
    wakeup.signal();
  }

  /** Ends the program and waits until it is gone. */
  @Override
  public void close() {
    // Nobody reads any more, so a program that waits to write fails instead.
    LinuxCalls.close(frames);
    wakeup.close();
    process.destroy();
    try {
      if (!process.waitFor(TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        process.waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
