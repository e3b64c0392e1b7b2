package dev.blindsight.camera.mqtt;

import java.util.Map;

/**
 * How others see whether a client is there: retained messages on one topic, the birth published by
 * the client once it is connected, the will by the broker once it is lost.
 *
 * @param topic the status topic
 * @param properties user properties that every one of them carries
 */
public record Presence(String topic, Map<String, String> properties) {
  /** The birth's payload. */
  public static final String ONLINE = "online";

  /** The payload of the will, and of the farewell of an orderly end. */
  public static final String OFFLINE = "offline";

  public Presence {
    properties = Map.copyOf(properties);
  }
}
