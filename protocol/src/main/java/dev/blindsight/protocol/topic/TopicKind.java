package dev.blindsight.protocol.topic;

/** What a topic is for: the part of its name after the device. */
public enum TopicKind {
  /** Retained birth and last will. */
  STATUS("status"),
  /** What was recognised, as JSON for people. */
  RESULT("result"),
  /** What began and what ended, as JSON for people. */
  EVENT("event"),
  /** Readout requests of the device to the workers. */
  READOUT("readout"),
  /** Workers' replies to the device. */
  REPLY("reply"),
  /** Counters and health. */
  DIAGNOSTICS("diagnostics"),
  /** Whether the device captures. */
  CAPTURE("capture"),
  /** Commands to start or stop capturing. */
  CAPTURE_SET("capture/set"),
  /** Retained: the model the device should run. */
  MODEL("model"),
  /** The model it does run. */
  MODEL_STATE("model/state");

  private final String leaf;

  TopicKind(String leaf) {
    this.leaf = leaf;
  }

  /** The topic levels after the device's name. */
  public String leaf() {
    return leaf;
  }
}
