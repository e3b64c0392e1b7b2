package dev.blindsight.camera.soak;

/** Which broker carries the messages. Written in lower case. */
public enum BrokerKind {
  /** The embedded Artemis, in a process of its own. */
  EMBEDDED,
  /** Mosquitto, as Debian packages it. */
  MOSQUITTO
}
