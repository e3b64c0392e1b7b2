package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.SpecId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NewestIntakeTest {
  /** Hands over what the sensor is to do next, when it gets to it. */
  private final BlockingQueue<Callable<Optional<Captured>>> sensor = new SynchronousQueue<>();

  private final List<Readout> taken = new CopyOnWriteArrayList<>();

  @Test
  void next_afterSeveralExposures_isTheNewestAndTheOthersAreOverwrittenAndCounted()
      throws Exception {
    try (NewestIntake intake = intake()) {
      expose(0);
      expose(1);
      expose(2);
      // It is at its next exposure: the one before it has been handed in.
      sensor.put(() -> exposure(3));
      sensor.put(Optional::empty);

      assertThat(intake.next().orElseThrow().readout().sequence()).isEqualTo(3);
      assertThat(intake.dropped()).isEqualTo(3);
      assertThatThrownBy(() -> taken.getFirst().valueAt(0))
          .isInstanceOf(IllegalStateException.class);
      assertThat(intake.next()).isEmpty();
    }
  }

  @Test
  void next_afterAFailure_tellsItOnceAndGoesOn() throws Exception {
    try (NewestIntake intake = intake()) {
      sensor.put(() -> {
        throw new SensorException("unplugged");
      });
      assertThatThrownBy(intake::next).hasMessage("unplugged");

      expose(0);

      assertThat(intake.next()).isPresent();
    }
  }

  @Test
  void failure_beforeItIsTold_letsNothingMoreBeTaken() throws Exception {
    try (NewestIntake intake = intake()) {
      sensor.put(() -> {
        throw new SensorException("unplugged");
      });

      assertThat(sensor.offer(() -> exposure(0), 50, TimeUnit.MILLISECONDS)).isFalse();
      assertThatThrownBy(intake::next).hasMessage("unplugged");
      assertThat(sensor.offer(() -> exposure(0), 10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void close_whileSomebodyWaits_letsThemGo() throws Exception {
    NewestIntake intake = intake();
    BlockingQueue<Optional<Captured>> answers = new LinkedBlockingQueue<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(() -> {
              try {
                answers.add(intake.next());
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    intake.close();

    assertThat(answers.poll(10, TimeUnit.SECONDS)).isEmpty();
    waiting.join();
  }

  @Test
  void close_withAnExposureAtHand_overwritesIt() throws Exception {
    NewestIntake intake = intake();
    expose(0);
    sensor.put(() -> exposure(1));

    intake.close();

    assertThatThrownBy(() -> taken.getFirst().valueAt(0)).isInstanceOf(IllegalStateException.class);
    assertThat(intake.next()).isEmpty();
  }

  private NewestIntake intake() {
    return new NewestIntake(() -> sensor.take().call(), "newest");
  }

  private void expose(long sequence) throws InterruptedException {
    sensor.put(() -> exposure(sequence));
  }

  private Optional<Captured> exposure(long sequence) {
    Readout readout =
        new Readout(
            "hall",
            sequence,
            Instant.EPOCH,
            new SpecId("0".repeat(64)),
            GuaranteeLevel.ADDRESSED,
            new byte[] {1});
    taken.add(readout);
    return Optional.of(new Captured(readout, new Exposed(0, null)));
  }
}
