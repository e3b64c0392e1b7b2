package dev.blindsight.protocol.readout;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * The {@code permutation} part of a spec file.
 *
 * @param scheme how φ is chosen
 * @param secret for the keyed scheme, the name of the secret; absent, the device's own. A name,
 *     never the secret itself
 */
public record PermutationDefinition(PermutationScheme scheme, @Nullable String secret) {
  /**
   * @throws UserError when a secret is named that the scheme does not use
   */
  public PermutationDefinition {
    if (scheme != PermutationScheme.KEYED && secret != null) {
      throw new UserError(
          "secret has no use without scheme keyed: remove it, or set scheme to keyed");
    }
  }
}
