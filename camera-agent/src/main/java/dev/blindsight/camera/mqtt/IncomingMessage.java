package dev.blindsight.camera.mqtt;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that arrived. The broker counts it as on its way until it is acknowledged, and sends no
 * more than it was told it may have on their way: acknowledging late is how a receiver slows the
 * broker down.
 */
public final class IncomingMessage {
  private final String topic;
  private final byte[] payload;
  private final OutgoingMessage.Properties properties;
  private final Runnable acknowledgement;

  IncomingMessage(
      String topic,
      byte[] payload,
      OutgoingMessage.Properties properties,
      Runnable acknowledgement) {
    this.topic = topic;
    this.payload = payload;
    this.properties = properties;
    this.acknowledgement = acknowledgement;
  }

  /** The topic's name. */
  public String topic() {
    return topic;
  }

  /** The bytes; the receiver's own. */
  public byte[] payload() {
    return payload;
  }

  /** The payload's media type, if it is told. */
  public @Nullable String contentType() {
    return properties.contentType();
  }

  /** Where an answer is expected, if one is. */
  public @Nullable String responseTopic() {
    return properties.responseTopic();
  }

  /** What is to come back with the answer, if anything. */
  public byte @Nullable [] correlationData() {
    return properties.correlationData();
  }

  /** Names and values beside the payload, for whoever reads them. */
  public Map<String, String> userProperties() {
    return properties.user();
  }

  /**
   * Tells the broker that this message is dealt with. Without effect when its connection is gone.
   */
  public void acknowledge() {
    acknowledgement.run();
  }
}
