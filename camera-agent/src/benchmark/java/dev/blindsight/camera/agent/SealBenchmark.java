package dev.blindsight.camera.agent;

import dev.blindsight.protocol.keys.SealKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What sealing and opening a message costs, beside a cipher that is made anew for it: every readout
 * is sealed for the disk, sealed for the wire and opened, and so is its reply.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class SealBenchmark {
  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final int HEADER = 60;

  /** Bytes of plain text: a small request, and one of 15,052 values. */
  @Param({"150", "15126"})
  public int length;

  private final byte[] keyBytes = new byte[SealKey.BYTES];
  private final SealKey key = SealKey.of(keyBytes);
  private final SecretKeySpec jdkKey = new SecretKeySpec(keyBytes, "AES");
  private final byte[] sealedNonce = new byte[SealKey.NONCE_BYTES];
  private byte[] text = {};
  private byte[] message = {};
  private byte[] sealed = {};
  private @Nullable Provider provider;
  private long sequence;

  /** For the harness. */
  public SealBenchmark() {}

  /** Seals what is opened later. */
  @Setup(Level.Trial)
  public void prepare() throws GeneralSecurityException {
    provider = Cipher.getInstance(TRANSFORMATION).getProvider();
    text = new byte[length];
    message = new byte[HEADER + length + SealKey.TAG_BYTES];
    sealed = new byte[message.length];
    key.seal(sealedNonce, text, sealed, HEADER);
  }

  /** Overwrites the key. */
  @TearDown(Level.Trial)
  public void close() {
    key.close();
  }

  private byte[] nonce() {
    return ByteBuffer.allocate(SealKey.NONCE_BYTES).putLong(4, ++sequence).array();
  }

  /** As requests and records are sealed. */
  @Benchmark
  public byte[] seal() {
    key.seal(nonce(), text, message, HEADER);
    return message;
  }

  /** As they are opened. */
  @Benchmark
  public byte[] open() throws GeneralSecurityException {
    return key.open(sealedNonce, sealed, HEADER);
  }

  /** The same with a cipher for this message alone, of a provider looked for once. */
  @Benchmark
  public byte[] sealWithANewCipher() throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION, provider);
    cipher.init(
        Cipher.ENCRYPT_MODE, jdkKey, new GCMParameterSpec(SealKey.TAG_BYTES * Byte.SIZE, nonce()));
    cipher.updateAAD(message, 0, HEADER);
    cipher.doFinal(text, 0, text.length, message, HEADER);
    return message;
  }
}
