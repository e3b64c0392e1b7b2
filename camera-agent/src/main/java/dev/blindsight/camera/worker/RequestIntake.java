package dev.blindsight.camera.worker;

import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.seal.RequestOpener;
import dev.blindsight.protocol.seal.SealException;
import dev.blindsight.protocol.seal.SealedContent;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import dev.blindsight.protocol.topic.TopicKind;
import java.util.Optional;

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
   * What a message asks.
   *
   * @throws SealException when a sealed one is not accepted
   * @throws MalformedMessageException when a plain one is no request, or names another sender
   */
  Asked read(IncomingMessage message, DeviceAddress sender)
      throws SealException, MalformedMessageException {
    if (SealedContent.TYPE.equals(message.contentType())) {
      return Asked.sealed(message, opener.open(sender, message.payload()));
    }
    ReadoutRequest request = ReadoutRequestCodec.decode(message.payload());
    if (!request.address().equals(sender)) {
      throw new MalformedMessageException(
          "readout request on a topic of %s says it is from %s"
              .formatted(sender, request.address()));
    }
    return Asked.plainly(message, request);
  }
}
