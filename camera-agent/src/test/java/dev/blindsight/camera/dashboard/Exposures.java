package dev.blindsight.camera.dashboard;

import dev.blindsight.camera.agent.Observation;
import dev.blindsight.camera.inference.Classification;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ResultMessage.Source;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Builds the observation of one exposure the way an agent would, from a picture given by channel.
 */
final class Exposures {
  static final ReadoutSpec SPEC = ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.1, true);

  private final String device;
  private ReadoutSpec spec = SPEC;
  private GuaranteeLevel guarantee = GuaranteeLevel.ADDRESSED;
  private Source route = Source.LOCAL;
  private Duration latency = Duration.ofNanos(1_250_000);
  private IntUnaryOperator picture = Exposures::gradient;
  private List<Candidate> labels =
      List.of(
          new Candidate("Ankle boot", 0.71),
          new Candidate("Sneaker", 0.2),
          new Candidate("Sandal", 0.05),
          new Candidate("Bag", 0.025),
          new Candidate("Shirt", 0.01),
          new Candidate("Coat", 0.005));
  private @Nullable String expected = "Ankle boot";
  private long correct = 1;

  private Exposures(String device) {
    this.device = device;
  }

  static Exposures of(String device) {
    return new Exposures(device);
  }

  /** A picture whose values differ from place to place, black and white included. */
  static int gradient(int channel) {
    return (channel * 37) & 0xFF;
  }

  Exposures spec(ReadoutSpec other) {
    spec = other;
    return this;
  }

  Exposures guarantee(GuaranteeLevel other) {
    guarantee = other;
    return this;
  }

  Exposures route(Source other) {
    route = other;
    return this;
  }

  Exposures latency(Duration other) {
    latency = other;
    return this;
  }

  Exposures picture(IntUnaryOperator other) {
    picture = other;
    return this;
  }

  Exposures labels(List<Candidate> other) {
    labels = other;
    return this;
  }

  Exposures expected(@Nullable String other) {
    expected = other;
    return this;
  }

  Exposures correct(long other) {
    correct = other;
    return this;
  }

  /**
   * @param sequence also taken for the number of answered exposures
   */
  Observation taken(long sequence) {
    byte[] kept = new byte[spec.length()];
    for (int slot = 0; slot < kept.length; slot++) {
      kept[slot] = (byte) picture.applyAsInt(spec.mask().channelAt(slot));
    }
    return new Observation(
        device,
        Instant.parse("2026-11-21T08:00:00Z").plusMillis(sequence),
        sequence,
        spec.geometry(),
        spec.mask(),
        guarantee,
        kept,
        spec.acquire(picture),
        new Classification(labels),
        route,
        false,
        latency,
        expected,
        sequence,
        correct);
  }
}
