package dev.blindsight.protocol.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceSecretTest {
  private static final byte[] NOTHING = {};

  @TempDir Path directory;

  @Test
  void derive_knownSecret_equalsKnownAnswer() {
    // From an independent implementation in Python's hmac and hashlib.
    byte[] derived = counting().derive("seal", "ctx".getBytes(StandardCharsets.US_ASCII), 48);

    assertThat(HexFormat.of().formatHex(derived))
        .isEqualTo(
            "2fd4e5472f9b672a1149ea000a545edaca184b55c05261611b1c6f55d8f6eb7e"
                + "fbdca15c9f6d2b7aa4824ec72a0b24e5");
  }

  @Test
  void derive_otherLabelOrContext_givesOtherKeys() {
    byte[] mask = counting().derive("mask", NOTHING, 32);

    assertThat(counting().derive("permutation", NOTHING, 32)).isNotEqualTo(mask);
    assertThat(counting().derive("mask", new byte[] {0}, 32)).isNotEqualTo(mask);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Mask", "mask/1", "mask\0"})
  void derive_labelOutsideItsAlphabet_isRefused(String label) {
    assertThatThrownBy(() -> counting().derive(label, NOTHING, 32))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void derive_afterClose_isRefused() {
    DeviceSecret secret = counting();
    secret.close();

    assertThatThrownBy(() -> secret.derive("mask", NOTHING, 32))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void read_hexOrRawFile_givesTheSameSecret() throws IOException {
    byte[] bytes = countingBytes();
    Path raw = Files.write(directory.resolve("raw"), bytes);
    Path hex = Files.writeString(directory.resolve("hex"), HexFormat.of().formatHex(bytes) + "\n");
    byte[] expected = counting().derive("mask", NOTHING, 32);

    assertThat(DeviceSecret.read(raw).derive("mask", NOTHING, 32)).isEqualTo(expected);
    assertThat(DeviceSecret.read(hex).derive("mask", NOTHING, 32)).isEqualTo(expected);
  }

  @Test
  void read_malformedFile_saysHowToMakeOneAndNothingOfTheContent() throws IOException {
    String content = "deadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeefdeadbeeX";
    Path file = Files.writeString(directory.resolve("secret"), content);

    assertThatThrownBy(() -> DeviceSecret.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("openssl rand -hex 32")
        .hasMessageNotContaining("dead")
        .hasNoCause();
  }

  @Test
  void read_missingFileOrDirectory_namesIt() {
    assertThatThrownBy(() -> DeviceSecret.read(directory.resolve("none")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none");
    assertThatThrownBy(() -> DeviceSecret.read(directory)).isInstanceOf(UserError.class);
  }

  @Test
  void of_wrongLength_isRefused() {
    assertThatThrownBy(() -> DeviceSecret.of(new byte[31])).isInstanceOf(UserError.class);
  }

  @Test
  void toString_anySecret_hidesIt() {
    assertThat(counting().toString()).isEqualTo("DeviceSecret[hidden]");
  }

  private static DeviceSecret counting() {
    return DeviceSecret.of(countingBytes());
  }

  private static byte[] countingBytes() {
    byte[] bytes = new byte[DeviceSecret.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
