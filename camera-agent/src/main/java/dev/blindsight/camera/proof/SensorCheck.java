package dev.blindsight.camera.proof;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Runs a sensor for a while, measures what it reads, and looks for frames in the Java heap
 * afterwards. A frame of noise is planted for the search to find, or it would prove nothing.
 */
public final class SensorCheck {
  private static final int REMEMBERED = 3;
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final ReadoutSensor sensor;
  private final ReadoutSpec spec;
  private final Consumer<String> progress;
  private final CompletableFuture<?> stop;
  private final BytePermutation toClear;
  private final Deque<byte[]> last = new ArrayDeque<>();
  private long exposures;
  private long failures;

  private SensorCheck(
      ReadoutSensor sensor,
      ReadoutSpec spec,
      Consumer<String> progress,
      CompletableFuture<?> stop) {
    this.sensor = sensor;
    this.spec = spec;
    this.progress = progress;
    this.stop = stop;
    this.toClear = spec.permutation().inverse();
  }

  /**
   * Checks a sensor.
   *
   * @param source as configured, for the report
   * @param duration how long exposures are taken, or until the source ends
   * @param folder for the dump; nobody else should be able to read it
   * @param progress told a line for people now and then
   * @param stop completes when exposures are to end before their time
   */
  public static SensorCheckReport run(
      String source,
      ReadoutSensor sensor,
      ReadoutSpec spec,
      Duration duration,
      Path folder,
      Consumer<String> progress,
      CompletableFuture<?> stop)
      throws IOException, InterruptedException {
    SensorCheck check = new SensorCheck(sensor, spec, progress, stop);
    long start = System.nanoTime();
    check.expose(start + duration.toNanos());
    double seconds = (System.nanoTime() - start) / 1e9;
    progress.accept("looking for frames in the heap");
    return check.report(source, seconds, check.search(folder));
  }

  private void expose(long end) throws InterruptedException {
    while (System.nanoTime() < end && !stop.isDone()) {
      try {
        Optional<Readout> taken = sensor.read();
        if (taken.isEmpty()) {
          return;
        }
        try (Readout readout = taken.get()) {
          exposures++;
          remember(readout);
        }
      } catch (SensorException e) {
        failures++;
        progress.accept(String.valueOf(e.getMessage()));
        pause();
      }
    }
  }

  private void pause() throws InterruptedException {
    try {
      stop.get(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException _) {
      // Tried again.
    }
  }

  private void remember(Readout readout) {
    byte[] values = last.size() < REMEMBERED ? new byte[spec.length()] : last.removeFirst();
    for (int slot = 0; slot < values.length; slot++) {
      values[slot] = (byte) toClear.apply(readout.valueAt(slot));
    }
    last.addLast(values);
  }

  private SensorCheckReport.HeapFinding search(Path folder) throws IOException {
    FrameSearch search = new FrameSearch(spec);
    List<FrameSearch.Trace> exposed =
        last.stream().filter(FrameSearch::enough).map(search::trace).toList();
    byte[] frame = new byte[spec.geometry().elements()];
    new SecureRandom().nextBytes(frame);
    byte[] known = new byte[spec.length()];
    for (int slot = 0; slot < known.length; slot++) {
      known[slot] = frame[spec.mask().channelAt(slot)];
    }
    FrameSearch.Trace planted = search.trace(known);
    int[] framesFound = {0};
    boolean[] plantedFound = {false};
    ChannelView views = new ChannelView();
    long bytes;
    try {
      bytes =
          HeapDump.visit(
              folder,
              (type, content, length) ->
                  views.of(
                      type,
                      content,
                      length,
                      (values, count) -> {
                        plantedFound[0] |= !planted.in(values, count).isEmpty();
                        for (FrameSearch.Trace trace : exposed) {
                          framesFound[0] += trace.in(values, count).isEmpty() ? 0 : 1;
                        }
                      }));
    } finally {
      // The planted frame must be there until the dump is.
      Reference.reachabilityFence(frame);
      Arrays.fill(frame, (byte) 0);
      last.forEach(values -> Arrays.fill(values, (byte) 0));
    }
    return new SensorCheckReport.HeapFinding(
        verdict(exposed.isEmpty(), framesFound[0], plantedFound[0]),
        bytes / 1e6,
        framesFound[0],
        plantedFound[0]);
  }

  private static SensorCheckReport.Verdict verdict(
      boolean nothingToSee, int framesFound, boolean plantedFound) {
    if (framesFound > 0) {
      return SensorCheckReport.Verdict.FRAME;
    }
    if (nothingToSee) {
      return SensorCheckReport.Verdict.NOTHING_TO_SEE;
    }
    return plantedFound ? SensorCheckReport.Verdict.NO_FRAME : SensorCheckReport.Verdict.BLIND;
  }

  private SensorCheckReport report(
      String source, double seconds, SensorCheckReport.HeapFinding heap) {
    SensorTraffic traffic = sensor.traffic();
    MemoryProtection protection = sensor.protection();
    double taken = Math.max(1, exposures);
    double elements = spec.geometry().elements();
    return new SensorCheckReport(
        source,
        sensor.guarantee(),
        spec.id().toString(),
        exposures,
        seconds,
        exposures / seconds,
        failures,
        traffic.faults(),
        traffic.channels() / taken,
        traffic.channels() / taken / elements,
        spec.length() / elements,
        traffic.busBytes() / taken,
        protection.locked(),
        protection.undumped(),
        protection.shortcoming(),
        heap);
  }
}
