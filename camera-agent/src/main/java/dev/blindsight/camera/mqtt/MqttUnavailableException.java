package dev.blindsight.camera.mqtt;

/**
 * There is no connection, or it was lost before the broker acknowledged. The message is one line
 * for people.
 */
public final class MqttUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  public MqttUnavailableException(String message) {
    super(message);
  }
}
