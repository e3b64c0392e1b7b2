package dev.blindsight.camera.agent;

/** Who answers readouts. */
public enum Route {
  /** The model on the device. */
  LOCAL,
  /** Workers, over MQTT. */
  REMOTE,
  /** The model on the device and, where it is not sure enough or there is none, workers. */
  AUTO
}
