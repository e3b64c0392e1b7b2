package dev.blindsight.camera.mqtt;

import dev.blindsight.firmware.profile.BrokerAddress;

/** A broker that can be killed and comes back on the same port. */
public interface TestBroker extends AutoCloseable {
  /** Where it listens, also while it is gone. */
  BrokerAddress address();

  /** Ends it; what it held is lost. */
  void kill();

  /** Starts it again after {@link #kill()}. */
  void restart();

  @Override
  void close();
}
