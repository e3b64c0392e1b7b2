package dev.blindsight.protocol.keys;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/** HKDF with SHA-256, RFC 5869: extract, then expand. */
public final class HkdfSha256 {
  /** The most bytes one derivation gives: 255 blocks of 32 bytes. */
  public static final int MAXIMUM_LENGTH = 255 * 32;

  private HkdfSha256() {}

  /**
   * Derives key material.
   *
   * @param salt may be empty, which RFC 5869 takes as 32 zero bytes
   * @param inputKey the input keying material, at least one byte
   * @param info the context, may be empty
   * @param length 1..{@link #MAXIMUM_LENGTH} bytes
   */
  public static byte[] derive(byte[] salt, byte[] inputKey, byte[] info, int length) {
    if (length < 1 || length > MAXIMUM_LENGTH) {
      throw new IllegalArgumentException(
          "HKDF-SHA-256 gives 1..%d bytes, not %d".formatted(MAXIMUM_LENGTH, length));
    }
    try {
      HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract().addIKM(inputKey);
      if (salt.length > 0) {
        extract.addSalt(salt);
      }
      return KDF.getInstance("HKDF-SHA256").deriveData(extract.thenExpand(info, length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK 25 has HKDF-SHA-256", e);
    }
  }
}
