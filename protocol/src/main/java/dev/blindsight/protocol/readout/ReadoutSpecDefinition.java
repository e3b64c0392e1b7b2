package dev.blindsight.protocol.readout;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.keys.DeviceSecret;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A readout spec as a person writes it, in a YAML spec file or in a model card: what to choose, not
 * yet what was chosen.
 *
 * @param geometry the exposure's size
 * @param mask how channels are kept
 * @param permutation how values are permuted
 */
public record ReadoutSpecDefinition(
    SensorGeometry geometry, MaskDefinition mask, PermutationDefinition permutation) {
  /** The name under which a keyed scheme asks for its secret when the definition names none. */
  public static final String OWN_SECRET = "device";

  /**
   * @throws UserError when {@code mask.keep} keeps no channel of this geometry
   */
  public ReadoutSpecDefinition {
    ChannelMask.keptChannels(geometry.elements(), mask.keep());
  }

  /** The definition a spec was made from; a keyed one names no secret. */
  public static ReadoutSpecDefinition of(ReadoutSpec spec) {
    return new ReadoutSpecDefinition(
        spec.geometry(),
        new MaskDefinition(spec.maskScheme(), spec.keep(), null),
        new PermutationDefinition(spec.permutationScheme(), null));
  }

  /**
   * Reads a definition from JSON.
   *
   * @param source names the text in errors, as a file name
   * @throws UserError when the text is not a definition
   */
  public static ReadoutSpecDefinition parse(String json, String source) {
    return StrictMapper.json().read(json, ReadoutSpecDefinition.class, source);
  }

  /** The number of bytes in a readout, which needs no secret. */
  public int length() {
    return ChannelMask.keptChannels(geometry.elements(), mask.keep());
  }

  /** Whether {@link #resolve} asks for a secret. */
  public boolean needsSecret() {
    return mask.scheme() == MaskScheme.KEYED || permutation.scheme() == PermutationScheme.KEYED;
  }

  /**
   * Chooses the mask and φ.
   *
   * @param secrets gives the secret of a name ({@link #OWN_SECRET} when the definition names none);
   *     asked only for keyed schemes; the caller closes what it gave
   * @throws UserError from {@code secrets}, when there is no such secret
   */
  public ReadoutSpec resolve(Function<String, DeviceSecret> secrets) {
    int elements = geometry.elements();
    ChannelMask channels =
        switch (mask.scheme()) {
          case CORENET -> ChannelMask.corenet(elements, mask.keep());
          case KEYED ->
              ChannelMask.keyed(elements, mask.keep(), secrets.apply(name(mask.secret())));
        };
    BytePermutation values =
        switch (permutation.scheme()) {
          case NONE -> BytePermutation.identity();
          case CORENET -> BytePermutation.corenet();
          case KEYED -> BytePermutation.keyed(secrets.apply(name(permutation.secret())));
        };
    return new ReadoutSpec(
        geometry, mask.scheme(), mask.keep(), channels, permutation.scheme(), values);
  }

  private static String name(@Nullable String secret) {
    return secret == null ? OWN_SECRET : secret;
  }
}
