package dev.blindsight.camera.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.agent.Agent;
import dev.blindsight.camera.agent.AgentListener;
import dev.blindsight.camera.agent.AgentSetup;
import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.camera.agent.Observation;
import dev.blindsight.camera.agent.RemoteSettings;
import dev.blindsight.camera.agent.Route;
import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.LinearModel;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.BrokerKind;
import dev.blindsight.camera.mqtt.TestBroker;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.camera.sensor.Scene;
import dev.blindsight.camera.sensor.Stage;
import dev.blindsight.camera.sensor.arducam.ArducamStage;
import dev.blindsight.camera.sensor.csi.CsiStage;
import dev.blindsight.camera.sensor.mlx90640.Mlx90640Stage;
import dev.blindsight.camera.sensor.ov7670.Ov7670Stage;
import dev.blindsight.camera.sensor.replay.ReplayStage;
import dev.blindsight.camera.sensor.v4l2.V4l2Stage;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The promise itself: while the agent runs in front of a known, moving scene, no array of the Java
 * heap holds more of an exposure than the kept channels; of a sensor that discards, one line.
 */
@Timeout(120)
class HeapProofTest {
  private static final DeviceAddress DEVICE = new DeviceAddress("site", "hall");
  private static final int DUMPS = 2;

  /** Exposures before and after the dump's that are looked for. */
  private static final int AROUND = 30;

  /** Exposures that no sensor gets to: what is planted must not be found by other tests. */
  private static final long PLANTED = 1_000_000_000;

  @TempDir Path folder;

  /** A sensor of each way to guarantee. */
  enum Kind {
    MLX90640(GuaranteeLevel.ADDRESSED),
    OV7670(GuaranteeLevel.UNDRIVEN),
    ARDUCAM(GuaranteeLevel.DISCARDED),
    CSI(GuaranteeLevel.DISCARDED),
    V4L2(GuaranteeLevel.FRAME_IN_DRIVER),
    REPLAY(GuaranteeLevel.FRAME_IN_DRIVER);

    private final GuaranteeLevel level;

    Kind(GuaranteeLevel level) {
      this.level = level;
    }

    Stage set(Path folder) throws IOException {
      return switch (this) {
        case MLX90640 -> new Mlx90640Stage();
        case OV7670 -> new Ov7670Stage();
        case ARDUCAM -> new ArducamStage();
        case CSI -> new CsiStage(folder);
        case V4L2 -> new V4l2Stage();
        case REPLAY -> new ReplayStage(folder);
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void heap_whileTheAgentRuns_holdsNoFrame(Kind kind) throws Exception {
    Random random = new Random(kind.name().hashCode());
    try (TestBroker broker = BrokerKind.EMBEDDED.start();
        Stage stage = kind.set(folder);
        Model model =
            Model.load(
                LinearModel.of("m", stage.spec()).bytes(), "m", InferenceSettings.standard())) {
      assertThat(stage.sensor().guarantee()).isEqualTo(kind.level);
      Watch watch = new Watch();
      try (Agent agent = agent(stage, model, broker, watch)) {
        for (int dump = 0; dump < DUMPS; dump++) {
          watch.awaitMore(5 + random.nextInt(20));
          long now = stage.exposure();
          SceneSearch search =
              new SceneSearch(stage.scene(), stage.view(), Math.max(0, now - AROUND), now + AROUND);
          List<String> holding = new ArrayList<>();
          int allowed = kind.level == GuaranteeLevel.DISCARDED ? line(stage) : 0;
          HeapDump.visit(
              folder,
              (type, content, length) -> {
                int pieces = search.in(type, content, length);
                if (pieces > allowed) {
                  holding.add("%s[%d]: %d".formatted(type, length / type.bytes(), pieces));
                }
              });

          assertThat(holding).isEmpty();
        }
        assertThat(agent.counters().failed()).isZero();
      }
    }
  }

  /** A piece may begin at each value of a line: the scene shows it elsewhere at other moments. */
  private static int line(Stage stage) {
    return stage.view().width() * stage.view().channels();
  }

  /** The same search finds a frame of the scene in each way in which somebody might keep one. */
  @Test
  void search_plantedFrames_findsThem() throws Exception {
    Stage.View view = new Stage.View(32, 24, 3);
    SceneSearch search = new SceneSearch(Scene.moving(), view, PLANTED, PLANTED + 6);
    int elements = 32 * 24 * 3;
    byte[] interleaved = new byte[elements];
    byte[] planar = new byte[elements];
    byte[] turned = new byte[elements];
    int[] wide = new int[elements];
    float[] fractions = new float[elements];
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 24; row++) {
      for (int column = 0; column < 32; column++) {
        for (int channel = 0; channel < 3; channel++) {
          int pixel = row * 32 + column;
          interleaved[pixel * 3 + channel] = (byte) value(1, row, column, channel);
          planar[channel * 768 + pixel] = (byte) value(2, row, column, channel);
          turned[channel * 768 + column * 24 + row] = (byte) value(3, row, column, channel);
          wide[pixel * 3 + channel] = value(4, row, column, channel);
          fractions[pixel * 3 + channel] = value(5, row, column, channel) / 255f;
          text.append((char) value(6, row, column, channel));
        }
      }
    }
    String string = text.toString();
    int[] found = {0};
    try {
      HeapDump.visit(
          folder,
          (type, content, length) -> found[0] += search.in(type, content, length) > 200 ? 1 : 0);
    } finally {
      Reference.reachabilityFence(List.of(interleaved, planar, turned, wide, fractions, string));
    }
    assertThat(found[0]).isGreaterThanOrEqualTo(6);
  }

  private static int value(long exposure, int row, int column, int channel) {
    return Scene.moving().valueAt(PLANTED + exposure, row, column, channel);
  }

  private static Agent agent(Stage stage, Model model, TestBroker broker, AgentListener listener) {
    return Agent.start(
        new AgentSetup(
            DEVICE,
            stage.sensor(),
            stage.spec(),
            model,
            Route.LOCAL,
            RemoteSettings.STANDARD,
            SpoolSettings.STANDARD,
            null,
            broker.address(),
            null,
            TestClient.QUICKLY,
            Duration.ZERO,
            null,
            null,
            Long.MAX_VALUE),
        List.of(listener));
  }

  /** Waits for answers; keeps the last, as the status page does. */
  private static final class Watch implements AgentListener {
    private volatile CountDownLatch more = new CountDownLatch(1);
    private volatile @Nullable Observation last;

    @Override
    public void observed(Observation observation) {
      last = observation;
      more.countDown();
    }

    @Override
    public void stateChanged(String device, AgentState state, String detail) {}

    void awaitMore(int answers) throws InterruptedException {
      CountDownLatch latch = new CountDownLatch(answers);
      more = latch;
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(last).isNotNull();
    }
  }
}
