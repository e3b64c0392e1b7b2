package dev.blindsight.protocol.message;

import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A device asks any worker what a readout shows. Published on the device's {@code readout} topic;
 * repeating a request id asks for the same answer.
 *
 * @param requestId 1..64 of A-Z a-z 0-9 _ . -
 * @param address who asks
 * @param sequence counts the device's exposures, at least 0
 * @param capturedAt when the exposure was read, to the microsecond
 * @param specId the spec it was read by
 * @param guarantee how near the sensor the mask acted
 * @param modelId the model that is to answer, 1..128 characters, at most 255 bytes as UTF-8
 * @param payload the values
 * @param sentAt when this very transmission left the device, to the microsecond and not 1970-01-01
 *     exactly; known of sealed requests, otherwise optional
 */
public record ReadoutRequest(
    String requestId,
    DeviceAddress address,
    long sequence,
    Instant capturedAt,
    SpecId specId,
    GuaranteeLevel guarantee,
    String modelId,
    ReadoutPayload payload,
    @Nullable Instant sentAt) {
  /** The MQTT content type of an encoded request. */
  public static final String CONTENT_TYPE = "application/vnd.blindsight.readout-request+protobuf";

  /**
   * @throws IllegalArgumentException when a field is out of bounds
   */
  public ReadoutRequest {
    Fields.requireRequestId(requestId);
    Fields.requireModelId(modelId);
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence is " + sequence);
    }
    capturedAt = capturedAt.truncatedTo(ChronoUnit.MICROS);
    sentAt = sentAt == null ? null : sentAt.truncatedTo(ChronoUnit.MICROS);
  }

  /** A request that has not been sent. */
  public ReadoutRequest(
      String requestId,
      DeviceAddress address,
      long sequence,
      Instant capturedAt,
      SpecId specId,
      GuaranteeLevel guarantee,
      String modelId,
      ReadoutPayload payload) {
    this(requestId, address, sequence, capturedAt, specId, guarantee, modelId, payload, null);
  }

  /**
   * A request that carries a readout's values as they are.
   *
   * @param site the device's site
   */
  public static ReadoutRequest plain(
      String requestId, String site, String modelId, Readout readout) {
    return new ReadoutRequest(
        requestId,
        new DeviceAddress(site, readout.device()),
        readout.sequence(),
        readout.capturedAt(),
        readout.specId(),
        readout.guarantee(),
        modelId,
        new ReadoutPayload.Plain(readout.toByteArray()));
  }

  /** The same request, leaving the device now. */
  public ReadoutRequest sentAt(Instant now) {
    return new ReadoutRequest(
        requestId, address, sequence, capturedAt, specId, guarantee, modelId, payload, now);
  }

  /**
   * The readout that the given values make with this request's particulars.
   *
   * @param values the permuted bytes, of a plain payload or unsealed; owned by the readout
   */
  public Readout readout(byte[] values) {
    return new Readout(address.device(), sequence, capturedAt, specId, guarantee, values);
  }
}
