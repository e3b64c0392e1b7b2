package dev.blindsight.camera.agent;

/** Where a readout was answered. */
public enum Route {
  /** By the model on the device. */
  LOCAL,
  /** By a worker, over MQTT. */
  REMOTE
}
