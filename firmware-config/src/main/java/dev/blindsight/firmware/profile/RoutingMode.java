package dev.blindsight.firmware.profile;

/** Who answers a device's readouts. */
public enum RoutingMode {
  /** The model on the device. */
  LOCAL,
  /** A worker, over MQTT. */
  REMOTE,
  /** The model on the device, and a worker where that is not sure enough. */
  LOCAL_THEN_REMOTE;

  /** Whether the device needs a model of its own. */
  public boolean usesModel() {
    return this != REMOTE;
  }
}
