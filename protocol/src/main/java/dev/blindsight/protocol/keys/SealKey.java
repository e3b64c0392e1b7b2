package dev.blindsight.protocol.keys;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.blindsight.protocol.UserError;
import java.io.NotSerializableException;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.Provider;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * A key that seals and opens by AES-256-GCM (NIST SP 800-38D) with nonces of 12 and tags of 16
 * bytes. The bytes are shown to nobody but the JDK's cipher and the writer of grant files; {@link
 * #close()} overwrites them, after which the key is of no use. Thread-safe.
 *
 * <p>Whoever seals must never give one key the same nonce twice: that would show the difference of
 * the two texts and let anybody forge a third. A cipher notices when it is given its last nonce
 * again; nothing here notices others.
 */
public final class SealKey implements AutoCloseable {
  /** The length of a key in bytes. */
  public static final int BYTES = 32;

  /** The length of a nonce in bytes. */
  public static final int NONCE_BYTES = 12;

  /** How much longer the sealed text is than the plain one, in bytes. */
  public static final int TAG_BYTES = 16;

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";

  /** Looked for once: among all providers that takes as long as sealing a small readout. */
  private static final Provider PROVIDER = provider();

  private final Aes key;

  /**
   * Ciphers that hold this key, each lent to one message at a time: making one and expanding the
   * key takes as long as sealing a small readout.
   */
  private final Queue<Cipher> ciphers = new ConcurrentLinkedQueue<>();

  private SealKey(byte[] bytes) {
    this.key = new Aes(bytes);
  }

  /**
   * A key of the given bytes, which are copied.
   *
   * @param bytes {@value #BYTES} bytes
   */
  public static SealKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a key has %d bytes".formatted(BYTES));
    }
    return new SealKey(bytes.clone());
  }

  /**
   * The key of a grant file.
   *
   * @param hex 64 lower-case hex digits
   * @throws UserError otherwise, without quoting what was given
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static SealKey ofHex(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw new UserError(
          "a key is 64 lower-case hex digits: write the grant anew with `provision grant`");
    }
    return new SealKey(HexFormat.of().parseHex(hex));
  }

  /** For grant files alone: package-private, because a key must not be shown. */
  @JsonValue
  String hex() {
    byte[] copy = key.getEncoded();
    try {
      return HexFormat.of().formatHex(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /**
   * Seals a text behind what is already in the message: everything before it becomes associated
   * data, protected though not hidden.
   *
   * @param nonce {@value #NONCE_BYTES} bytes, never given to this key before
   * @param plain the text
   * @param message receives ciphertext and tag from {@code start} to its end
   * @param start where the ciphertext begins
   */
  public void seal(byte[] nonce, byte[] plain, byte[] message, int start) {
    if (message.length - start != plain.length + TAG_BYTES) {
      throw new IllegalArgumentException("the message has not the room of text and tag");
    }
    Cipher cipher = borrow();
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key, parameters(nonce));
      cipher.updateAAD(message, 0, start);
      cipher.doFinal(plain, 0, plain.length, message, start);
    } catch (InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("a key was given the same nonce twice", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK 25 has AES-256-GCM", e);
    } finally {
      giveBack(cipher);
    }
  }

  /**
   * Opens what {@link #seal} sealed.
   *
   * @param nonce {@value #NONCE_BYTES} bytes
   * @param message associated data, ciphertext and tag
   * @param start where the ciphertext begins
   * @return the text, which the caller should overwrite after use
   * @throws AEADBadTagException when key, nonce, associated data or ciphertext are not those that
   *     were sealed; which of them, nobody learns
   */
  public byte[] open(byte[] nonce, byte[] message, int start) throws AEADBadTagException {
    if (message.length - start < TAG_BYTES) {
      throw new IllegalArgumentException("the message has not the room of a tag");
    }
    Cipher cipher = borrow();
    try {
      cipher.init(Cipher.DECRYPT_MODE, key, parameters(nonce));
      cipher.updateAAD(message, 0, start);
      return cipher.doFinal(message, start, message.length - start);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK 25 has AES-256-GCM", e);
    } finally {
      giveBack(cipher);
    }
  }

  private static Provider provider() {
    try {
      return Cipher.getInstance(TRANSFORMATION).getProvider();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK 25 has AES-256-GCM", e);
    }
  }

  private static GCMParameterSpec parameters(byte[] nonce) {
    return new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce);
  }

  private Cipher borrow() {
    Cipher idle = ciphers.poll();
    if (idle != null) {
      return idle;
    }
    try {
      return Cipher.getInstance(TRANSFORMATION, PROVIDER);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("JDK 25 has AES-256-GCM", e);
    }
  }

  private void giveBack(Cipher cipher) {
    ciphers.add(cipher);
    if (key.isDestroyed()) {
      ciphers.clear();
    }
  }

  /**
   * Overwrites the key, and lets go of the ciphers: what they keep of it, nobody can overwrite, and
   * it goes when they are collected.
   */
  @Override
  public void close() {
    key.destroy();
    ciphers.clear();
  }

  @Override
  public String toString() {
    return "SealKey[hidden]";
  }

  /** The JDK's own class for this keeps a copy that cannot be overwritten. */
  private static final class Aes implements SecretKey {
    private static final long serialVersionUID = 1L;

    private final transient byte[] bytes;
    private transient boolean destroyed;

    Aes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public String getAlgorithm() {
      return "AES";
    }

    @Override
    public String getFormat() {
      return "RAW";
    }

    /** A copy: the JDK's cipher takes one for each message. */
    @Override
    public synchronized byte[] getEncoded() {
      if (destroyed) {
        throw new IllegalStateException("the key has been closed");
      }
      return bytes.clone();
    }

    @Override
    public synchronized void destroy() {
      destroyed = true;
      Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public synchronized boolean isDestroyed() {
      return destroyed;
    }

    private Object writeReplace() throws NotSerializableException {
      throw new NotSerializableException("a key is never serialised");
    }
  }
}
