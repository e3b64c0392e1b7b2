package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.keys.SealKeys;
import dev.blindsight.protocol.keys.SealPurpose;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ReadoutPayload;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A device with a known secret, what it asks, and what it is answered. */
final class Fixtures {
  static final DeviceAddress HALL = new DeviceAddress("home", "hall");
  static final DeviceAddress YARD = new DeviceAddress("home", "yard");
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456Z");
  static final int SALT = 0xA1B2C3D4;

  private Fixtures() {}

  /** The bytes 0 to 31. */
  static DeviceSecret secret() {
    byte[] bytes = new byte[DeviceSecret.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return DeviceSecret.of(bytes);
  }

  static SealKey key(SealPurpose purpose, DeviceAddress device, int epoch) {
    return SealKeys.derive(secret(), purpose, device, epoch);
  }

  static RequestSealer sealer(DeviceAddress device, int epoch) {
    return new RequestSealer(key(SealPurpose.REQUEST, device, epoch), device, epoch, SALT);
  }

  static DeviceGrant grant(DeviceAddress device, int... epochs) {
    return DeviceGrant.of(
        device,
        Arrays.stream(epochs)
            .mapToObj(epoch -> DeviceGrant.EpochKeys.derive(secret(), device, epoch))
            .toList(),
        List.of());
  }

  static DeviceKeys onlyHall(int... epochs) {
    DeviceGrant grant = grant(HALL, epochs);
    return device -> device.equals(HALL) ? Optional.of(grant) : Optional.empty();
  }

  static RequestOpener opener(DeviceKeys keys) {
    return new RequestOpener(keys, Freshness.STANDARD, () -> NOW);
  }

  static ReplyOpener replyOpener(DeviceAddress device, int epoch) {
    return new ReplyOpener(
        asked ->
            asked == epoch ? Optional.of(key(SealPurpose.REPLY, device, epoch)) : Optional.empty(),
        device);
  }

  static ReadoutRequest request(DeviceAddress device, byte... values) {
    return new ReadoutRequest(
        "request-1",
        device,
        9,
        Instant.parse("2026-11-21T09:59:59.5Z"),
        new SpecId("0123456789abcdef".repeat(4)),
        GuaranteeLevel.DISCARDED,
        "fashion-mnist-keep10",
        new ReadoutPayload.Plain(values));
  }

  static ClassificationReply reply() {
    return new ClassificationReply(
        "request-1",
        "fashion-mnist-keep10",
        "worker-1",
        Duration.ofNanos(1_234_567),
        new ClassificationReply.Answer(
            List.of(new Candidate("boot", 0.75), new Candidate("bag", 0.25))));
  }
}
