package dev.blindsight.camera.mqtt;

/** What became of a message the broker accepted. */
public enum Delivery {
  /** The broker has it. */
  ACCEPTED,
  /**
   * The broker has it, and nobody is there to receive it (reason code 16, MQTT 5 section 3.4.2.1).
   */
  NO_SUBSCRIBER
}
