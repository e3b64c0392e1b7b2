package dev.blindsight.camera.demo;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * What a demo shows.
 *
 * @param source what the two cameras play between them
 * @param readouts after which it ends, at least 1; absent, when the source ends or it is told to
 * @param pagePort where the status page is served; absent, nowhere, and the cameras play as fast as
 *     they are answered
 */
public record DemoSettings(
    SensorSource source, @Nullable Long readouts, @Nullable Integer pagePort) {
  /** The first 400 test pictures of Fashion-MNIST, over and over. */
  public static final SensorSource BUNDLED =
      SensorSource.parse("simulated:fashion-mnist-400?loop=true");

  /**
   * @throws UserError when the number of readouts is out of range
   */
  public DemoSettings {
    if (readouts != null && readouts < 1) {
      throw new UserError("--readouts is %d: give at least 1".formatted(readouts));
    }
  }
}
