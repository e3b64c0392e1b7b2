package dev.blindsight.camera.worker;

import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.seal.RequestOpener;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.seal.SealedContent;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import dev.blindsight.protocol.topic.TopicKind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what arrives: who asks, and what. Thread-safe. */
final class RequestIntake {
  private final RequestOpener opener;

  RequestIntake(RequestOpener opener) {
    this.opener = opener;
  }

  /**
   * Who sent a message. A device is answered on its own reply topic only, so that no request can
   * make a worker publish anywhere else.
   *
   * @throws MalformedMessageException when it came on another topic, or wants its reply on one
   */
  DeviceAddress sender(IncomingMessage message) throws MalformedMessageException {
    Optional<Topic> topic = Topic.parse(message.topic());
    if (topic.isEmpty() || topic.get().kind() != TopicKind.READOUT) {
      throw new MalformedMessageException("no readout topic");
    }
    DeviceAddress sender = topic.get().address();
    if (!new Topic.Reply(sender).render().equals(message.responseTopic())) {
      throw new MalformedMessageException("the response topic is not the reply topic of " + sender);
    }
    return sender;
  }

  /**
   * What a payload asks.
   *
   * @param contentType of the message it came by
   * @throws SealException when a sealed one is not accepted
   * @throws MalformedMessageException when a plain one is no request, or names another sender
   */
  Asked read(DeviceAddress sender, @Nullable String contentType, byte[] payload)
      throws SealException, MalformedMessageException {
    if (SealedContent.TYPE.equals(contentType)
        || SealedBatchCodec.CONTENT_TYPE.equals(contentType)) {
      return Asked.sealed(opener.open(sender, payload));
    }
    ReadoutRequest request = ReadoutRequestCodec.decode(payload);
    if (!request.address().equals(sender)) {
      throw new MalformedMessageException(
          "readout request on a topic of %s says it is from %s"
              .formatted(sender, request.address()));
    }
    return Asked.plainly(request);
  }
}
