package dev.blindsight.camera.agent;

import dev.blindsight.camera.spool.SpoolCodec;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import java.nio.file.Path;

/** Messages as they are. */
record PlainChannel(Path state) implements RemoteChannel {
  @Override
  public String contentType() {
    return ReadoutRequest.CONTENT_TYPE;
  }

  @Override
  public boolean batches() {
    return false;
  }

  @Override
  public byte[] encode(ReadoutRequest request) {
    return ReadoutRequestCodec.encode(request);
  }

  @Override
  public Reception receive(byte[] payload) {
    try {
      return new Reception.Genuine(ClassificationReplyCodec.decode(payload));
    } catch (MalformedMessageException e) {
      return new Reception.Rejected(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public SpoolCodec atRest() {
    return SpoolCodec.PLAIN;
  }

  @Override
  public void close() {
    // There are no keys.
  }
}
