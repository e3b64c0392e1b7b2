package dev.blindsight.firmware.profile;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * The {@code routing} part of a device profile.
 *
 * @param mode who answers
 * @param confidence the probability of the top label below which a worker is asked too, greater
 *     than 0, less than 1; for {@code local_then_remote} only
 */
public record Routing(RoutingMode mode, @Nullable Double confidence) {
  /**
   * @throws UserError when the confidence is out of range, missing, or given to a mode that has no
   *     use for it
   */
  public Routing {
    if (mode == RoutingMode.LOCAL_THEN_REMOTE) {
      if (confidence == null) {
        throw new UserError(
            "confidence is missing: give the probability below which a worker is asked, as 0.8");
      }
      if (!(confidence > 0.0 && confidence < 1.0)) {
        throw new UserError(
            "confidence is %s: give a number greater than 0, less than 1".formatted(confidence));
      }
    } else if (confidence != null) {
      throw new UserError(
          "confidence has no use here: remove it, or set mode to local_then_remote");
    }
  }
}
