package dev.blindsight.camera.mqtt;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to publish.
 *
 * @param topic a topic's name
 * @param payload its bytes, not copied: nobody writes to them afterwards
 * @param retained whether the broker keeps it for later subscribers
 * @param properties the properties MQTT 5 carries beside the payload
 */
@SuppressWarnings("ArrayRecordComponent") // a message is compared by nobody
public record OutgoingMessage(
    String topic, byte[] payload, boolean retained, Properties properties) {

  /**
   * Properties of a message (MQTT 5 section 3.3.2.3).
   *
   * @param contentType the payload's media type
   * @param responseTopic where an answer is expected
   * @param correlationData comes back with the answer
   * @param expiry after which the broker need not deliver it
   * @param user names and values for whoever reads them
   */
  @SuppressWarnings("ArrayRecordComponent") // as above
  public record Properties(
      @Nullable String contentType,
      @Nullable String responseTopic,
      byte @Nullable [] correlationData,
      @Nullable Duration expiry,
      Map<String, String> user) {
    /** No properties. */
    public static final Properties NONE = new Properties(null, null, null, null);

    public Properties {
      user = Map.copyOf(user);
    }

    /** Properties without any of the user's. */
    public Properties(
        @Nullable String contentType,
        @Nullable String responseTopic,
        byte @Nullable [] correlationData,
        @Nullable Duration expiry) {
      this(contentType, responseTopic, correlationData, expiry, Map.of());
    }

    /** Properties of the user's alone. */
    public static Properties user(Map<String, String> user) {
      return new Properties(null, null, null, null, user);
    }
  }

  /** A message without properties. */
  public static OutgoingMessage of(String topic, byte[] payload, boolean retained) {
    return new OutgoingMessage(topic, payload, retained, Properties.NONE);
  }
}
