package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.broker.BrokerSettings;
import dev.blindsight.camera.broker.EmbeddedBroker;
import dev.blindsight.firmware.profile.BrokerAddress;

final class EmbeddedTestBroker implements TestBroker {
  private EmbeddedBroker broker;

  private EmbeddedTestBroker(EmbeddedBroker broker) {
    this.broker = broker;
  }

  static EmbeddedTestBroker start() {
    return new EmbeddedTestBroker(EmbeddedBroker.start(new BrokerSettings(0)));
  }

  @Override
  public BrokerAddress address() {
    return broker.address();
  }

  @Override
  public void kill() {
    broker.close();
  }

  @Override
  public void restart() {
    broker = EmbeddedBroker.start(new BrokerSettings(broker.port()));
  }

  @Override
  public void close() {
    broker.close();
  }
}
