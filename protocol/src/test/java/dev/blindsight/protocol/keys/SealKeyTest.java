package dev.blindsight.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.IntStream;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealKeyTest {
  private static final byte[] NONCE = HexFormat.of().parseHex("cafebabefacedbaddecaf888");

  @Test
  void seal_publishedTestCase_givesItsCiphertextAndTag() throws AEADBadTagException {
    // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16: AES-256.
    HexFormat hex = HexFormat.of();
    SealKey key = SealKey.ofHex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    byte[] associated = hex.parseHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    byte[] text =
        hex.parseHex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    byte[] message = new byte[associated.length + text.length + SealKey.TAG_BYTES];
    System.arraycopy(associated, 0, message, 0, associated.length);

    key.seal(NONCE, text, message, associated.length);

    assertThat(hex.formatHex(message, associated.length, message.length))
        .isEqualTo(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b");
    assertThat(key.open(NONCE, message, associated.length)).isEqualTo(text);
  }

  @Test
  void open_afterForgeries_opensWhatIsGenuine() throws AEADBadTagException {
    SealKey key = SealKey.of(new byte[SealKey.BYTES]);
    byte[] text = {1, 2, 3};
    byte[] message = new byte[text.length + SealKey.TAG_BYTES];
    key.seal(NONCE, text, message, 0);

    for (int at = 0; at < message.length; at++) {
      byte[] forged = message.clone();
      forged[at] ^= 1;
      assertThatThrownBy(() -> key.open(NONCE, forged, 0)).isInstanceOf(AEADBadTagException.class);
      assertThat(key.open(NONCE, message, 0)).isEqualTo(text);
    }
  }

  @Test
  void sealAndOpen_manyThreadsWithOneKey_giveEachItsOwnText() {
    SealKey key = SealKey.of(new byte[SealKey.BYTES]);

    boolean allRight =
        IntStream.range(0, 20_000)
            .parallel()
            .allMatch(number -> {
              byte[] nonce = ByteBuffer.allocate(SealKey.NONCE_BYTES).putInt(number).array();
              byte[] text = ByteBuffer.allocate(40).putInt(36, number).array();
              byte[] message = new byte[8 + text.length + SealKey.TAG_BYTES];
              ByteBuffer.wrap(message).putInt(number);
              key.seal(nonce, text, message, 8);
              try {
                return Arrays.equals(key.open(nonce, message, 8), text);
              } catch (AEADBadTagException _) {
                return false;
              }
            });

    assertThat(allRight).isTrue();
  }

  @Test
  void seal_theSameNonceAgain_isRefused() {
    SealKey key = SealKey.of(new byte[SealKey.BYTES]);
    nothingSealed(key);

    assertThatThrownBy(() -> nothingSealed(key))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a key was given the same nonce twice");
  }

  @Test
  void derive_anotherParticular_givesAnotherKey() {
    try (DeviceSecret secret = DeviceSecret.of(new byte[DeviceSecret.BYTES])) {
      Set<String> sealed = new HashSet<>();
      for (SealPurpose purpose : SealPurpose.values()) {
        for (String site : new String[] {"a", "ab"}) {
          for (String device : new String[] {"b", "bc"}) {
            for (int epoch : new int[] {1, 2, 256}) {
              sealed.add(
                  nothingSealed(
                      SealKeys.derive(secret, purpose, new DeviceAddress(site, device), epoch)));
            }
          }
        }
      }

      assertThat(sealed).hasSize(3 * 2 * 2 * 3);
    }
  }

  private static String nothingSealed(SealKey key) {
    byte[] message = new byte[SealKey.TAG_BYTES];
    key.seal(NONCE, new byte[0], message, 0);
    return HexFormat.of().formatHex(message);
  }

  @Test
  void close_aKey_leavesItWithoutUse() {
    SealKey key = SealKey.of(new byte[SealKey.BYTES]);
    key.close();
    key.close();

    assertThatThrownBy(() -> nothingSealed(key))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> key.open(NONCE, new byte[SealKey.TAG_BYTES], 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg"
      })
  void ofHex_notAKey_isRefusedWithoutQuotingIt(String hex) {
    assertThatThrownBy(() -> SealKey.ofHex(hex))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("64 lower-case hex digits")
        .hasMessageNotContaining("abcdef")
        .hasNoCause();
  }

  @Test
  void derive_epochZero_isRefused() {
    try (DeviceSecret secret = DeviceSecret.of(new byte[DeviceSecret.BYTES])) {
      assertThatThrownBy(() ->
              SealKeys.derive(secret, SealPurpose.REQUEST, new DeviceAddress("site", "device"), 0))
          .isInstanceOf(UserError.class)
          .hasMessage("key epoch is 0: give 1 or more");
    }
  }

  @Test
  void toString_anyKey_hidesIt() {
    byte[] bytes = "thirty-two bytes that are secret".getBytes(StandardCharsets.US_ASCII);

    assertThat(SealKey.of(bytes)).hasToString("SealKey[hidden]");
  }
}
