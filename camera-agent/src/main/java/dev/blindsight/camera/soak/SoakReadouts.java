package dev.blindsight.camera.soak;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The readouts that cameras take, over and over: the bundled pictures where they have the spec's
 * geometry, otherwise random bytes from a fixed seed.
 */
final class SoakReadouts {
  private static final SensorGeometry PICTURES = new SensorGeometry(28, 28, 1);
  private static final SensorSource BUNDLED =
      SensorSource.parse("simulated:fashion-mnist-400?loop=false");
  private static final int RANDOM_ONES = 64;
  private static final long SEED = 4;

  /** A prime, so that cameras do not take the same readouts in step. */
  private static final int APART = 7919;

  private final List<byte[]> values;

  private SoakReadouts(List<byte[]> values) {
    this.values = List.copyOf(values);
  }

  /**
   * The spec by which a model's readouts are taken.
   *
   * @throws UserError when it needs a secret
   */
  static ReadoutSpec spec(Model model) {
    return model.spec(_ -> {
      throw new UserError(
          "model %s is for one device's secret: give one whose readout spec needs none"
              .formatted(model.id()));
    });
  }

  static SoakReadouts of(ReadoutSpec spec) {
    return new SoakReadouts(
        spec.geometry().equals(PICTURES) ? pictures(spec) : random(spec.length()));
  }

  private static List<byte[]> pictures(ReadoutSpec spec) {
    List<byte[]> values = new ArrayList<>();
    try (ReadoutSensor sensor = ReadoutSensors.open(BUNDLED, spec, "soak")) {
      for (Optional<Readout> next = sensor.read(); next.isPresent(); next = sensor.read()) {
        try (Readout readout = next.get()) {
          values.add(readout.toByteArray());
        }
      }
    }
    return values;
  }

  private static List<byte[]> random(int length) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < RANDOM_ONES; i++) {
      byte[] readout = new byte[length];
      random.nextBytes(readout);
      values.add(readout);
    }
    return values;
  }

  /** Reads what {@link #write} wrote. */
  static SoakReadouts read(Path file, int length) throws IOException {
    byte[] all = Files.readAllBytes(file);
    if (all.length == 0 || all.length % length != 0) {
      throw new UserError(
          "%s has %d bytes, no whole number of readouts of %d: run the soak again"
              .formatted(file, all.length, length));
    }
    List<byte[]> values = new ArrayList<>();
    for (int start = 0; start < all.length; start += length) {
      values.add(Arrays.copyOfRange(all, start, start + length));
    }
    return new SoakReadouts(values);
  }

  void write(Path file) {
    int length = values.getFirst().length;
    byte[] all = new byte[values.size() * length];
    for (int i = 0; i < values.size(); i++) {
      System.arraycopy(values.get(i), 0, all, i * length, length);
    }
    AtomicFile.write(file, all);
  }

  /** How many different ones there are. */
  int size() {
    return values.size();
  }

  /** The values of one of them; nobody writes to them. */
  byte[] values(int which) {
    return values.get(which);
  }

  /** Which one a camera takes. */
  int which(int camera, long sequence) {
    return (int) ((camera * (long) APART + sequence) % values.size());
  }
}
