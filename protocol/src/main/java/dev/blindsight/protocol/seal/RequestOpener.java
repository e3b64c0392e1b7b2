package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens what devices send, and accepts each envelope once. Thread-safe.
 *
 * <p>In this order: size and header; topic and header name one device; the tag; the replay window,
 * which only what is authentic can move; the message, which must name the device and model of the
 * header; its time. An envelope of an unknown device or epoch is put to a key that nobody has, so
 * that it costs what a forged one costs.
 */
public final class RequestOpener {
  private final DeviceKeys devices;
  private final Freshness freshness;
  private final InstantSource clock;
  private final SealKey nobodys = nobodys();
  private final Map<Sealer, ReplayWindow> windows = new ConcurrentHashMap<>();

  /** Who counts one sequence: a device in one epoch. */
  private record Sealer(DeviceAddress device, int epoch) {}

  /**
   * @param devices whose requests are opened
   * @param freshness how old an envelope may be
   * @param clock the worker's
   */
  public RequestOpener(DeviceKeys devices, Freshness freshness, InstantSource clock) {
    this.devices = devices;
    this.freshness = freshness;
    this.clock = clock;
  }

  private static SealKey nobodys() {
    byte[] random = new byte[SealKey.BYTES];
    new SecureRandom().nextBytes(random);
    return SealKey.of(random);
  }

  /**
   * Opens a request.
   *
   * @param sender the device whose topic it came on
   * @param payload as it arrived
   * @throws SealException with the reason why it is not accepted
   */
  public OpenedRequest open(DeviceAddress sender, byte[] payload) throws SealException {
    Envelope envelope = Envelope.read(payload, EnvelopeKind.REQUEST);
    EnvelopeHeader header = envelope.header();
    if (!header.device().equals(sender)) {
      throw new SealException(
          SealRejection.WRONG_DEVICE,
          "an envelope of %s on a topic of %s".formatted(header.device(), sender));
    }
    byte[] text = openByKeyOf(envelope);
    try {
      requireNew(header);
      OpenedRequest opened =
          new OpenedRequest(read(header, text), header.epoch(), header.sequence());
      requireFresh(opened);
      return opened;
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private byte[] openByKeyOf(Envelope envelope) throws SealException {
    EnvelopeHeader header = envelope.header();
    Optional<DeviceGrant> grant = devices.find(header.device());
    Optional<SealKey> key = requestKey(grant, header);
    if (grant.isPresent() && key.isEmpty()) {
      grant = devices.findAnew(header.device());
      key = requestKey(grant, header);
    }
    if (key.isPresent()) {
      return envelope.open(key.get());
    }
    SealException unknown = unknown(header, grant.isPresent());
    try {
      Arrays.fill(envelope.open(nobodys), (byte) 0);
    } catch (SealException _) {
      // As it must be. What is said is what could not be found.
    }
    throw unknown;
  }

  private static Optional<SealKey> requestKey(Optional<DeviceGrant> grant, EnvelopeHeader header) {
    return grant
        .flatMap(found -> found.keys(header.epoch()))
        .map(DeviceGrant.EpochKeys::requestKey);
  }

  private static SealException unknown(EnvelopeHeader header, boolean deviceKnown) {
    return deviceKnown
        ? new SealException(
            SealRejection.UNKNOWN_EPOCH,
            "the grant of %s has no keys of epoch %d".formatted(header.device(), header.epoch()))
        : new SealException(
            SealRejection.UNKNOWN_DEVICE, "there is no grant of " + header.device());
  }

  private void requireNew(EnvelopeHeader header) throws SealException {
    ReplayWindow window =
        windows.computeIfAbsent(
            new Sealer(header.device(), header.epoch()), _ -> new ReplayWindow());
    switch (window.admit(header.sequence())) {
      case NEW -> {}
      case SEEN ->
          throw new SealException(
              SealRejection.REPLAYED,
              "%s has sent sequence %d before".formatted(header.device(), header.sequence()));
      case TOO_OLD ->
          throw new SealException(
              SealRejection.REORDERED,
              "sequence %d of %s is %d or more behind"
                  .formatted(header.sequence(), header.device(), ReplayWindow.WIDTH));
    }
  }

  private static ReadoutRequest read(EnvelopeHeader header, byte[] text) throws SealException {
    ReadoutRequest request;
    try {
      request = ReadoutRequestCodec.decode(text);
    } catch (MalformedMessageException e) {
      throw new SealException(
          SealRejection.MALFORMED, "%s: %s".formatted(header.device(), e.getMessage()));
    }
    if (!request.address().equals(header.device()) || !request.modelId().equals(header.modelId())) {
      throw new SealException(
          SealRejection.WRONG_DEVICE,
          "%s: the request inside names another device or model".formatted(header.device()));
    }
    return request;
  }

  private void requireFresh(OpenedRequest opened) throws SealException {
    Instant sentAt = opened.request().sentAt();
    DeviceAddress device = opened.request().address();
    if (sentAt == null) {
      throw new SealException(
          SealRejection.MALFORMED,
          "%s: the request does not say when it was sent".formatted(device));
    }
    Instant now = clock.instant();
    Optional<SealRejection> objection = freshness.objection(sentAt, now);
    if (objection.isPresent()) {
      throw new SealException(
          objection.get(),
          "%s: the request was sent %d s %s this worker's clock: set the clocks"
              .formatted(
                  device,
                  Duration.between(sentAt, now).abs().toSeconds(),
                  sentAt.isBefore(now) ? "before" : "after"),
          opened);
    }
  }
}
