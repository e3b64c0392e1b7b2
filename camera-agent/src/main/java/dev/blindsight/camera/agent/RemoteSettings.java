package dev.blindsight.camera.agent;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * How workers are asked: the {@code remote} part of an agent's configuration file.
 *
 * @param model the name of the model that is to answer; absent, the name of the local one
 * @param resendMillis after which a request without a reply is sent again, at least 10; absent,
 *     2000
 * @param giveUpMillis after which a readout without a reply is answered on the device, or lost
 *     where there is no local model; more than {@code resendMillis}; absent, 30,000
 * @param window how many requests wait for a reply at most, 1..1024; absent, 16
 */
public record RemoteSettings(
    @Nullable String model,
    @Nullable Integer resendMillis,
    @Nullable Integer giveUpMillis,
    @Nullable Integer window) {
  private static final int DEFAULT_RESEND_MILLIS = 2_000;
  private static final int DEFAULT_GIVE_UP_MILLIS = 30_000;
  private static final int DEFAULT_WINDOW = 16;
  private static final int LEAST_MILLIS = 10;
  private static final int LARGEST_WINDOW = 1024;

  /** The defaults. */
  public static final RemoteSettings STANDARD = new RemoteSettings(null, null, null, null);

  /**
   * @throws UserError when a value is out of range
   */
  public RemoteSettings {
    int resend = resendMillis == null ? DEFAULT_RESEND_MILLIS : resendMillis;
    int giveUp = giveUpMillis == null ? DEFAULT_GIVE_UP_MILLIS : giveUpMillis;
    if (resend < LEAST_MILLIS) {
      throw new UserError("resend_millis is %d: give at least %d".formatted(resend, LEAST_MILLIS));
    }
    if (giveUp <= resend) {
      throw new UserError(
          "give_up_millis is %d: give more than resend_millis, %d".formatted(giveUp, resend));
    }
    if (window != null && (window < 1 || window > LARGEST_WINDOW)) {
      throw new UserError("window is %d: give 1 to %d".formatted(window, LARGEST_WINDOW));
    }
  }

  int resendMillisOrDefault() {
    return resendMillis == null ? DEFAULT_RESEND_MILLIS : resendMillis;
  }

  int giveUpMillisOrDefault() {
    return giveUpMillis == null ? DEFAULT_GIVE_UP_MILLIS : giveUpMillis;
  }

  int windowOrDefault() {
    return window == null ? DEFAULT_WINDOW : window;
  }
}
