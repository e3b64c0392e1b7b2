package dev.blindsight.protocol.readout;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * The {@code mask} part of a spec file.
 *
 * @param scheme how the kept channels are chosen
 * @param keep the fraction of channels kept, greater than 0, at most 1
 * @param secret for the keyed scheme, the name of the secret; absent, the device's own. A name,
 *     never the secret itself
 */
public record MaskDefinition(MaskScheme scheme, double keep, @Nullable String secret) {
  /**
   * @throws UserError when {@code keep} is out of range or a secret is named that the scheme does
   *     not use
   */
  public MaskDefinition {
    if (!(keep > 0.0 && keep <= 1.0)) {
      throw new UserError("keep is %s: give a fraction greater than 0, at most 1".formatted(keep));
    }
    if (scheme != MaskScheme.KEYED && secret != null) {
      throw new UserError(
          "secret has no use with scheme corenet: remove it, or set scheme to keyed");
    }
  }
}
