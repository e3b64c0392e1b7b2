package dev.blindsight.camera.mqtt;

/** The broker refused. The message is one line for people. */
public final class MqttRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int reasonCode;

  /**
   * @param what what was refused, as "publishing to a/b"
   * @param reasonCode of the broker (MQTT 5 section 2.4), 128 or more
   */
  public MqttRefusedException(String what, int reasonCode) {
    super("the broker refuses %s: %s".formatted(what, ReasonCode.describe(reasonCode)));
    this.reasonCode = reasonCode;
  }

  /** The broker's reason code (MQTT 5 section 2.4). */
  public int reasonCode() {
    return reasonCode;
  }

  /** Whether the message is longer than the broker takes. */
  public boolean isTooLarge() {
    return reasonCode == ReasonCode.PACKET_TOO_LARGE;
  }
}
