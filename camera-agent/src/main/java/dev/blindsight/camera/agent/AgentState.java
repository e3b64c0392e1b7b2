package dev.blindsight.camera.agent;

/** What an agent is doing, as its status topic and the status page tell it. */
public enum AgentState {
  /** Opening the sensor, loading the model, waiting for the first connection to the broker. */
  STARTING,
  /** Capturing, answering and publishing. */
  RUNNING,
  /** Capturing and answering on the device only, while the broker is gone. */
  DEGRADED,
  /** Closed, or at the end of its source. */
  STOPPED
}
