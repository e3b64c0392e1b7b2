package dev.blindsight.camera.agent;

import dev.blindsight.protocol.UserError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How workers are asked: the {@code remote} part of an agent's configuration file.
 *
 * @param model the name of the model that is to answer; absent, the name of the local one
 * @param resendMillis after which a request without a reply is sent again, at least 10; the pauses
 *     grow from there to sixteen times that; absent, 2,000
 * @param deadlineMillis after which a readout without a reply is answered on the device, where
 *     there is a model, more than {@code resendMillis}; absent, 30,000, or twice {@code
 *     resendMillis} where that is more
 * @param window how many requests are on their way at most, 1..1024; absent, 16
 * @param margin with route {@code auto}, the least difference between the two highest probabilities
 *     of the local answer with which it stands, 0..1; absent, 0.5
 * @param seal whether readouts are sealed; absent, they are
 * @param epoch which of the device's rotating keys seal, at least 1; absent, 1
 */
public record RemoteSettings(
    @Nullable String model,
    @Nullable Integer resendMillis,
    @Nullable Integer deadlineMillis,
    @Nullable Integer window,
    @Nullable Double margin,
    @Nullable Sealing seal,
    @Nullable Integer epoch) {
  private static final int DEFAULT_RESEND_MILLIS = 2_000;
  private static final int DEFAULT_DEADLINE_MILLIS = 30_000;
  private static final int DEFAULT_WINDOW = 16;
  private static final double DEFAULT_MARGIN = 0.5;
  private static final int LEAST_MILLIS = 10;
  private static final int MOST_MILLIS = 3_600_000;
  private static final int LARGEST_WINDOW = 1024;

  /** The defaults. */
  public static final RemoteSettings STANDARD =
      new RemoteSettings(null, null, null, null, null, null, null);

  /**
   * @throws UserError when a value is out of range
   */
  public RemoteSettings {
    int resend = resendMillis == null ? DEFAULT_RESEND_MILLIS : resendMillis;
    if (resend < LEAST_MILLIS || resend > MOST_MILLIS) {
      throw new UserError(
          "resend_millis is %d: give %d to %d".formatted(resend, LEAST_MILLIS, MOST_MILLIS));
    }
    if (deadlineMillis != null && (deadlineMillis <= resend || deadlineMillis > MOST_MILLIS)) {
      throw new UserError(
          "deadline_millis is %d: give more than resend_millis, %d, and at most %d"
              .formatted(deadlineMillis, resend, MOST_MILLIS));
    }
    if (window != null && (window < 1 || window > LARGEST_WINDOW)) {
      throw new UserError("window is %d: give 1 to %d".formatted(window, LARGEST_WINDOW));
    }
    if (margin != null && !(margin >= 0 && margin <= 1)) {
      throw new UserError("margin is %s: give 0 to 1".formatted(margin));
    }
    if (epoch != null && epoch < 1) {
      throw new UserError("epoch is %d: give 1 or more".formatted(epoch));
    }
  }

  /** The first pause before a request is sent again. */
  Duration resend() {
    return Duration.ofMillis(resendMillis == null ? DEFAULT_RESEND_MILLIS : resendMillis);
  }

  /** How long workers may take. */
  Duration deadline() {
    return deadlineMillis == null
        ? Duration.ofMillis(Math.max(DEFAULT_DEADLINE_MILLIS, 2 * resend().toMillis()))
        : Duration.ofMillis(deadlineMillis);
  }

  int windowOrDefault() {
    return window == null ? DEFAULT_WINDOW : window;
  }

  double marginOrDefault() {
    return margin == null ? DEFAULT_MARGIN : margin;
  }

  /** Whether readouts are sealed. */
  public Sealing sealOrDefault() {
    return seal == null ? Sealing.SEALED : seal;
  }

  /** Which of the device's rotating keys seal. */
  public int epochOrDefault() {
    return epoch == null ? 1 : epoch;
  }
}
