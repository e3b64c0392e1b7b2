package dev.blindsight.camera.agent;

import dev.blindsight.camera.spool.SequenceCounter;
import dev.blindsight.camera.spool.SpoolCodec;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.keys.SealKeys;
import dev.blindsight.protocol.keys.SealPurpose;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.seal.AtRestSealer;
import dev.blindsight.protocol.seal.ReplyOpener;
import dev.blindsight.protocol.seal.RequestSealer;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.seal.SealRejection;
import dev.blindsight.protocol.seal.SealedContent;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Messages in sealed envelopes (docs/protocol/sealing.md). Replies are opened and what waits on the
 * disk is read by the keys of the epoch before as well, so that a change of epoch loses nothing.
 */
final class SealedChannel implements RemoteChannel {
  private static final String COUNTER = "sequence.json";

  private final Path state;
  private final InstantSource clock;
  private final SequenceCounter counter;
  private final List<SealKey> keys = new ArrayList<>();
  private final RequestSealer requests;
  private final ReplyOpener replies;
  private final AtRest atRest;

  private SealedChannel(
      DeviceSecret secret, DeviceAddress device, int epoch, Path state, InstantSource clock) {
    this.state = state;
    this.clock = clock;
    this.counter = SequenceCounter.open(state.resolve(COUNTER), clock);
    int salt = counter.salt();
    int before = Math.max(1, epoch - 1);
    this.requests =
        new RequestSealer(key(secret, SealPurpose.REQUEST, device, epoch), device, epoch, salt);
    SealKey current = key(secret, SealPurpose.REPLY, device, epoch);
    SealKey previous = key(secret, SealPurpose.REPLY, device, before);
    this.replies =
        new ReplyOpener(
            asked -> {
              if (asked == epoch) {
                return Optional.of(current);
              }
              return asked == before ? Optional.of(previous) : Optional.empty();
            },
            device);
    this.atRest =
        new AtRest(
            new AtRestSealer(key(secret, SealPurpose.SPOOL, device, epoch), device, epoch, salt),
            new AtRestSealer(key(secret, SealPurpose.SPOOL, device, before), device, before, salt));
  }

  static SealedChannel open(
      DeviceSecret secret, DeviceAddress device, int epoch, Path state, InstantSource clock) {
    return new SealedChannel(secret, device, epoch, state, clock);
  }

  private SealKey key(DeviceSecret secret, SealPurpose purpose, DeviceAddress device, int epoch) {
    SealKey key = SealKeys.derive(secret, purpose, device, epoch);
    keys.add(key);
    return key;
  }

  @Override
  public Path state() {
    return state;
  }

  @Override
  public String contentType() {
    return SealedContent.TYPE;
  }

  @Override
  public boolean batches() {
    return true;
  }

  @Override
  public byte[] encode(ReadoutRequest request) {
    return requests.seal(request, counter.next(), clock.instant());
  }

  @Override
  public Reception receive(byte[] payload) {
    try {
      return new Reception.Genuine(replies.open(payload));
    } catch (SealException e) {
      String reason = String.valueOf(e.getMessage());
      return e.reason() == SealRejection.MALFORMED
          ? unsealed(payload, reason)
          : new Reception.Rejected(reason);
    }
  }

  private static Reception unsealed(byte[] payload, String reason) {
    try {
      ClassificationReply reply = ClassificationReplyCodec.decode(payload);
      return reply.outcome() instanceof ClassificationReply.Refusal refusal
          ? new Reception.Hint(refusal.detail())
          : new Reception.Rejected("an answer that is not sealed");
    } catch (MalformedMessageException _) {
      return new Reception.Rejected(reason);
    }
  }

  @Override
  public SpoolCodec atRest() {
    return atRest;
  }

  /** Seals what waits on the disk under numbers of the same count as requests. */
  private final class AtRest implements SpoolCodec {
    private final AtRestSealer current;
    private final AtRestSealer previous;

    AtRest(AtRestSealer current, AtRestSealer previous) {
      this.current = current;
      this.previous = previous;
    }

    @Override
    public byte[] seal(byte[] content) throws IOException {
      try {
        return current.seal(content, counter.next());
      } catch (UserError e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public byte[] open(byte[] sealed) throws IOException {
      try {
        return current.open(sealed);
      } catch (SealException e) {
        if (e.reason() != SealRejection.UNKNOWN_EPOCH) {
          throw new IOException(e.getMessage(), e);
        }
      }
      try {
        return previous.open(sealed);
      } catch (SealException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  @Override
  public void close() {
    keys.forEach(SealKey::close);
  }
}
