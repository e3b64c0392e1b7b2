package dev.blindsight.protocol.readout;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.blindsight.protocol.UserError;
import java.util.regex.Pattern;

/**
 * The identity of a readout spec: the SHA-256 of its canonical encoding (see {@link ReadoutSpec}).
 *
 * @param hex 64 lower-case hex digits
 */
public record SpecId(@JsonValue String hex) {
  /** The length of the digest in bytes. */
  public static final int BYTES = 32;

  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  /**
   * @throws UserError when the text is not 64 lower-case hex digits
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public SpecId {
    if (!FORM.matcher(hex).matches()) {
      throw new UserError("a spec id is 64 lower-case hex digits: copy it from the model card");
    }
  }

  /** The first twelve digits, enough to tell specs apart on a screen. */
  public String abbreviated() {
    return hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return hex;
  }
}
