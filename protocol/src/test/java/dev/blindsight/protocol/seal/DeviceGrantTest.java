package dev.blindsight.protocol.seal;

import static dev.blindsight.protocol.seal.Fixtures.HALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.SpecId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeviceGrantTest {
  private static final SpecId SPEC = new SpecId("0123456789abcdef".repeat(4));
  private static final TranslationTable TABLE =
      TranslationTable.between(BytePermutation.keyed(Fixtures.secret()), BytePermutation.corenet());

  private static DeviceGrant grant() {
    return DeviceGrant.of(
        HALL,
        List.of(
            DeviceGrant.EpochKeys.derive(Fixtures.secret(), HALL, 1),
            DeviceGrant.EpochKeys.derive(Fixtures.secret(), HALL, 2)),
        List.of(new DeviceGrant.Translation("m", SPEC, TABLE)));
  }

  @Test
  void json_writtenAndRead_opensTheSameEnvelopes() throws SealException {
    String json = StrictMapper.json().write(grant());
    DeviceGrant read = StrictMapper.json().read(json, DeviceGrant.class, "grant");

    assertThat(json)
        .startsWith(
            "{\"version\":1,\"site\":\"home\",\"device\":\"hall\",\"epochs\":[{\"epoch\":1,")
        .doesNotContain("hidden");
    assertThat(read.address()).isEqualTo(HALL);
    assertThat(read.translation("m", SPEC)).contains(TABLE);
    assertThat(read.translation("n", SPEC)).isEmpty();
    assertThat(read.translation("m", new SpecId("f".repeat(64)))).isEmpty();
    byte[] sealed =
        Fixtures.sealer(HALL, 2).seal(Fixtures.request(HALL, (byte) 5), 1, Fixtures.NOW);
    assertThat(Fixtures.opener(_ -> Optional.of(read)).open(HALL, sealed).epoch()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "version":1        | "version":2         | version is 2
          "device":"hall"    | "device":"a/b"      | device is "a/b"
          "epoch":2          | "epoch":1           | epoch 1 is there twice
          "epoch":2          | "epoch":0           | epochs[1]: epoch is 0
          "epoch":2          | "epok":2            | did you mean epoch?
          "request_key":"..  | "request_key":"XX   | request_key: a key is 64 lower-case hex digits
          "table":"..        | "table":"zz         | table: a table is 512 lower-case hex digits
          """)
  void json_fieldOutOfBounds_isRefusedByName(String before, String after, String message) {
    String json = StrictMapper.json().write(grant());
    String changed = json.replaceFirst(before, after);

    assertThat(changed).isNotEqualTo(json);
    assertThatThrownBy(() -> StrictMapper.json().read(changed, DeviceGrant.class, "hall.json"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("hall.json")
        .hasMessageContaining(message);
  }

  @Test
  void json_malformedKey_isNotQuoted() {
    String json = StrictMapper.json().write(grant());
    String digits = json.replaceAll(".*?\"request_key\":\"([0-9a-f]{64}).*", "$1");

    assertThatThrownBy(() ->
            StrictMapper.json()
                .read(json.replace(digits, digits.substring(1)), DeviceGrant.class, "hall.json"))
        .isInstanceOf(UserError.class)
        .hasMessageNotContaining(digits.substring(1, 9));
  }

  @Test
  void of_noEpochs_isRefused() {
    assertThatThrownBy(() -> DeviceGrant.of(HALL, List.of(), List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("at least one epoch");
  }

  @Test
  void close_aGrant_closesItsKeys() {
    DeviceGrant grant = grant();
    SealKey key = grant.keys(1).orElseThrow().replyKey();
    grant.close();

    assertThatThrownBy(() -> key.seal(new byte[12], new byte[0], new byte[16], 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void table_appliedToADevicesValues_givesTheModels() {
    BytePermutation device = BytePermutation.keyed(Fixtures.secret());
    BytePermutation model = BytePermutation.corenet();
    byte[] values = new byte[BytePermutation.VALUES];
    byte[] expected = new byte[BytePermutation.VALUES];
    for (int value = 0; value < values.length; value++) {
      values[value] = (byte) device.apply(value);
      expected[value] = (byte) model.apply(value);
    }

    TABLE.apply(values);

    assertThat(values).isEqualTo(expected);
    assertThat(TranslationTable.ofHex(TABLE.hex())).isEqualTo(TABLE);
  }

  @Test
  void ofHex_tableThatIsNoBijection_isRefused() {
    assertThatThrownBy(() -> TranslationTable.ofHex("00".repeat(256)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("repeated");
  }
}
