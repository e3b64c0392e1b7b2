package dev.blindsight.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.SpecId;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultMessageTest {
  private static final String JSON =
      """
      {"label":"boot","confidence":0.75,"presence":true,"top":[{"label":"boot","probability":0.75},\
      {"label":"bag","probability":0.25}],"source":"remote","fallback":false,"latency_ms":12.5,"sequence":7,\
      "captured_at":"2026-11-21T10:00:00.123456Z","guarantee":"frame_in_driver",\
      "model_id":"fashion-mnist-keep10",\
      "spec_id":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}\
      """;

  @Test
  void toJson_message_hasTheAgreedKeys() {
    assertThat(message(true).toJson()).isEqualTo(JSON);
  }

  @Test
  void toJson_presenceUnknown_leavesItOut() throws MalformedMessageException {
    assertThat(message(null).toJson()).doesNotContain("presence");
    assertThat(ResultMessage.parse(message(null).toJson())).isEqualTo(message(null));
  }

  @Test
  void parse_messageWritten_givesItBack() throws MalformedMessageException {
    assertThat(ResultMessage.parse(JSON)).isEqualTo(message(true));
  }

  @Property
  void parse_mutatedMessage_givesAMessageOrTheDocumentedException(
      @ForAll @IntRange(max = 10_000) int place, @ForAll char character) {
    StringBuilder json = new StringBuilder(JSON);
    json.setCharAt(place % json.length(), character);
    try {
      assertThat(ResultMessage.parse(json.toString()).label()).isNotEmpty();
    } catch (MalformedMessageException e) {
      assertThat(e.getMessage()).hasLineCount(1).startsWith("result message");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"confidence\":-0.1", "\"confidence\":1.1", "\"confidence\":\"NaN\""})
  void parse_confidenceOutOfRange_isRefused(String wrong) {
    assertThatThrownBy(() -> ResultMessage.parse(JSON.replace("\"confidence\":0.75", wrong)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("confidence");
  }

  @Test
  void parse_hugeText_isRefusedUnread() {
    assertThatThrownBy(() -> ResultMessage.parse(" ".repeat(70_000)))
        .isInstanceOf(MalformedMessageException.class)
        .hasNoCause();
  }

  private static ResultMessage message(Boolean presence) {
    return new ResultMessage(
        "boot",
        0.75,
        presence,
        List.of(new Candidate("boot", 0.75), new Candidate("bag", 0.25)),
        ResultMessage.Source.REMOTE,
        false,
        12.5,
        7,
        Instant.parse("2026-11-21T10:00:00.123456Z"),
        GuaranteeLevel.FRAME_IN_DRIVER,
        "fashion-mnist-keep10",
        new SpecId("0123456789abcdef".repeat(4)));
  }
}
