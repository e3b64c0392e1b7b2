package dev.blindsight.protocol.message;

import com.google.protobuf.ByteString;
import dev.blindsight.protocol.message.wire.PlainPayload;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/** Readout requests as protobuf bytes: {@code blindsight.v1.ReadoutRequest}. */
public final class ReadoutRequestCodec {
  /** The longest encoded request in bytes: the longest payload and room for the other fields. */
  public static final int LONGEST = ReadoutPayload.LONGEST + 4096;

  private static final String NAME = "readout request";

  private ReadoutRequestCodec() {}

  /** The request as bytes. */
  public static byte[] encode(ReadoutRequest request) {
    var wire =
        dev.blindsight.protocol.message.wire.ReadoutRequest.newBuilder()
            .setVersion(WireFormat.VERSION)
            .setRequestId(request.requestId())
            .setSite(request.address().site())
            .setDevice(request.address().device())
            .setSequence(request.sequence())
            .setCapturedAtMicros(ChronoUnit.MICROS.between(Instant.EPOCH, request.capturedAt()))
            .setSpecId(ByteString.copyFrom(HexFormat.of().parseHex(request.specId().hex())))
            .setGuarantee(wire(request.guarantee()))
            .setModelId(request.modelId());
    if (request.sentAt() != null) {
      wire.setSentAtMicros(ChronoUnit.MICROS.between(Instant.EPOCH, request.sentAt()));
    }
    switch (request.payload()) {
      case ReadoutPayload.Plain plain ->
          wire.setPlain(PlainPayload.newBuilder().setValues(plain.shared()));
    }
    return wire.build().toByteArray();
  }

  /**
   * Reads a request that arrived. The length is checked before anything is parsed.
   *
   * @throws MalformedMessageException when the bytes are not a request of this version, or a field
   *     is out of bounds
   */
  public static ReadoutRequest decode(byte[] bytes) throws MalformedMessageException {
    return WireFormat.decode(
        NAME,
        bytes,
        LONGEST,
        dev.blindsight.protocol.message.wire.ReadoutRequest.parser(),
        ReadoutRequestCodec::request);
  }

  private static ReadoutRequest request(dev.blindsight.protocol.message.wire.ReadoutRequest wire)
      throws MalformedMessageException {
    WireFormat.requireVersion(NAME, wire.getVersion());
    if (wire.getSpecId().size() != SpecId.BYTES) {
      throw new MalformedMessageException(
          "%s: spec_id has %d bytes, not %d"
              .formatted(NAME, wire.getSpecId().size(), SpecId.BYTES));
    }
    return new ReadoutRequest(
        wire.getRequestId(),
        new DeviceAddress(wire.getSite(), wire.getDevice()),
        wire.getSequence(),
        instant(wire.getCapturedAtMicros()),
        new SpecId(HexFormat.of().formatHex(wire.getSpecId().toByteArray())),
        guarantee(wire.getGuarantee()),
        wire.getModelId(),
        payload(wire),
        wire.getSentAtMicros() == 0 ? null : instant(wire.getSentAtMicros()));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static ReadoutPayload payload(dev.blindsight.protocol.message.wire.ReadoutRequest wire)
      throws MalformedMessageException {
    return switch (wire.getPayloadCase()) {
      case PLAIN -> new ReadoutPayload.Plain(wire.getPlain().getValues());
      case PAYLOAD_NOT_SET ->
          throw new MalformedMessageException(NAME + ": there is no payload of a known kind");
    };
  }

  private static dev.blindsight.protocol.message.wire.GuaranteeLevel wire(GuaranteeLevel level) {
    return switch (level) {
      case ADDRESSED ->
          dev.blindsight.protocol.message.wire.GuaranteeLevel.GUARANTEE_LEVEL_ADDRESSED;
      case UNDRIVEN -> dev.blindsight.protocol.message.wire.GuaranteeLevel.GUARANTEE_LEVEL_UNDRIVEN;
      case DISCARDED ->
          dev.blindsight.protocol.message.wire.GuaranteeLevel.GUARANTEE_LEVEL_DISCARDED;
      case FRAME_IN_DRIVER ->
          dev.blindsight.protocol.message.wire.GuaranteeLevel.GUARANTEE_LEVEL_FRAME_IN_DRIVER;
    };
  }

  private static GuaranteeLevel guarantee(dev.blindsight.protocol.message.wire.GuaranteeLevel level)
      throws MalformedMessageException {
    return switch (level) {
      case GUARANTEE_LEVEL_ADDRESSED -> GuaranteeLevel.ADDRESSED;
      case GUARANTEE_LEVEL_UNDRIVEN -> GuaranteeLevel.UNDRIVEN;
      case GUARANTEE_LEVEL_DISCARDED -> GuaranteeLevel.DISCARDED;
      case GUARANTEE_LEVEL_FRAME_IN_DRIVER -> GuaranteeLevel.FRAME_IN_DRIVER;
      case GUARANTEE_LEVEL_UNSPECIFIED, UNRECOGNIZED ->
          throw new MalformedMessageException(NAME + ": guarantee is not a known level");
    };
  }
}
