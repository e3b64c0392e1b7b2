package dev.blindsight.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.blindsight.protocol.message.wire.PlainPayload;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReadoutRequestCodecTest {
  private static final SpecId SPEC = new SpecId("0123456789abcdef".repeat(4));
  private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.123456Z");

  @Property
  void decode_anyRequestEncoded_givesItBack(
      @ForAll @LongRange(min = 0) long sequence,
      @ForAll GuaranteeLevel guarantee,
      @ForAll @Size(min = 1, max = 300) byte[] values,
      @ForAll boolean sent)
      throws MalformedMessageException {
    ReadoutRequest request =
        new ReadoutRequest(
            "r-1",
            new DeviceAddress("home", "hall"),
            sequence,
            TIME,
            SPEC,
            guarantee,
            "m",
            new ReadoutPayload.Plain(values),
            sent ? TIME.plusMillis(5) : null);

    assertThat(ReadoutRequestCodec.decode(ReadoutRequestCodec.encode(request))).isEqualTo(request);
  }

  @Test
  void plain_readout_carriesItsParticularsAndValues() throws MalformedMessageException {
    ReadoutRequest sent;
    try (Readout readout =
        new Readout("hall", 5, TIME, SPEC, GuaranteeLevel.UNDRIVEN, new byte[] {1, 2, 3})) {
      sent = ReadoutRequest.plain("r-1", "home", "m", readout);
    }
    ReadoutRequest received = ReadoutRequestCodec.decode(ReadoutRequestCodec.encode(sent));

    assertThat(received.payload()).isEqualTo(new ReadoutPayload.Plain(new byte[] {1, 2, 3}));
    try (Readout readout = received.readout(((ReadoutPayload.Plain) received.payload()).values())) {
      assertThat(readout.device()).isEqualTo("hall");
      assertThat(readout.sequence()).isEqualTo(5);
      assertThat(readout.capturedAt()).isEqualTo(TIME);
      assertThat(readout.specId()).isEqualTo(SPEC);
      assertThat(readout.guarantee()).isEqualTo(GuaranteeLevel.UNDRIVEN);
      assertThat(readout.toByteArray()).containsExactly(1, 2, 3);
    }
  }

  @Property
  void decode_anyBytes_givesARequestOrTheDocumentedException(@ForAll byte[] bytes) {
    decodeOrRefuse(bytes);
  }

  @Property(tries = 3000)
  void decode_mutatedRequest_givesARequestOrTheDocumentedException(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 10_000) Integer> places,
      @ForAll byte replacement,
      @ForAll @IntRange(max = 10_000) int length) {
    byte[] bytes = ReadoutRequestCodec.encode(request());
    for (int place : places) {
      bytes[place % bytes.length] = replacement;
    }
    decodeOrRefuse(bytes);
    decodeOrRefuse(Arrays.copyOf(bytes, length % bytes.length));
  }

  @Test
  void decode_fieldOutOfBounds_isRefusedByName() {
    assertRefused("version 2", wire -> wire.setVersion(2));
    assertRefused("version 4294967295", wire -> wire.setVersion(-1));
    assertRefused("request_id", wire -> wire.setRequestId(""));
    assertRefused("request_id", wire -> wire.setRequestId("a".repeat(65)));
    assertRefused("request_id", wire -> wire.setRequestId("a/b"));
    assertRefused("site is", wire -> wire.setSite("+"));
    assertRefused("device is", wire -> wire.setDevice("a/b"));
    assertRefused("sequence", wire -> wire.setSequence(-1));
    assertRefused(
        "spec_id has 31 bytes", wire -> wire.setSpecId(ByteString.copyFrom(new byte[31])));
    assertRefused("guarantee", wire -> wire.clearGuarantee());
    assertRefused("guarantee", wire -> wire.setGuaranteeValue(99));
    assertRefused("model_id", wire -> wire.setModelId("a\nb"));
    assertRefused("model_id has more than 255 bytes", wire -> wire.setModelId("\u20ac".repeat(86)));
    assertRefused("payload", wire -> wire.clearPayload());
    assertRefused("payload has 0 bytes", wire -> wire.setPlain(PlainPayload.getDefaultInstance()));
  }

  @Test
  void decode_moreBytesThanAnyRequest_isRefusedUnparsed() {
    assertThatThrownBy(() -> ReadoutRequestCodec.decode(new byte[ReadoutRequestCodec.LONGEST + 1]))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("more than")
        .hasNoCause();
  }

  @Test
  void decode_payloadAtTheBound_isAcceptedAndBeyondRefused() throws MalformedMessageException {
    byte[] longest = new byte[ReadoutPayload.LONGEST];
    ReadoutRequest request =
        new ReadoutRequest(
            "r-1",
            new DeviceAddress("home", "hall"),
            0,
            TIME,
            SPEC,
            GuaranteeLevel.ADDRESSED,
            "m",
            new ReadoutPayload.Plain(longest));

    assertThat(ReadoutRequestCodec.decode(ReadoutRequestCodec.encode(request))).isEqualTo(request);
    assertThatThrownBy(() -> new ReadoutPayload.Plain(new byte[ReadoutPayload.LONGEST + 1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void assertRefused(
      String message,
      Consumer<dev.blindsight.protocol.message.wire.ReadoutRequest.Builder> change) {
    dev.blindsight.protocol.message.wire.ReadoutRequest.Builder wire;
    try {
      wire =
          dev.blindsight.protocol.message.wire.ReadoutRequest.parseFrom(
              ReadoutRequestCodec.encode(request()))
              .toBuilder();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
    change.accept(wire);
    assertThatThrownBy(() -> ReadoutRequestCodec.decode(wire.build().toByteArray()))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageStartingWith("readout request")
        .hasMessageContaining(message);
  }

  private static void decodeOrRefuse(byte[] bytes) {
    try {
      assertThat(ReadoutRequestCodec.decode(bytes).payload().length()).isPositive();
    } catch (MalformedMessageException e) {
      assertThat(e.getMessage()).hasLineCount(1).startsWith("readout request");
    }
  }

  private static ReadoutRequest request() {
    return new ReadoutRequest(
        "request-1",
        new DeviceAddress("home", "hall"),
        9,
        TIME,
        SPEC,
        GuaranteeLevel.DISCARDED,
        "fashion-mnist-keep10",
        new ReadoutPayload.Plain(new byte[] {1, 2, 3, 4}));
  }
}
