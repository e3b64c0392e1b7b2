package dev.blindsight.camera.mqtt;

/** Told how a connection fares. */
public interface ConnectionListener {

  /** Connected, and all subscriptions are made. */
  void connected();

  /**
   * The connection was lost or an attempt failed; the next attempt follows by itself.
   *
   * @param reason one line for people
   */
  void disconnected(String reason);
}
