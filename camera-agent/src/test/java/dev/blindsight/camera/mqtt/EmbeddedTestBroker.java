package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.broker.BrokerSettings;
import dev.blindsight.camera.broker.EmbeddedBroker;
import dev.blindsight.camera.broker.LimitSettings;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;

final class EmbeddedTestBroker implements TestBroker {
  private final BrokerSettings settings;
  private EmbeddedBroker broker;

  private EmbeddedTestBroker(BrokerSettings settings) {
    this.broker = EmbeddedBroker.start(settings);
    this.settings =
        new BrokerSettings(
            broker.port(), settings.host(), settings.tls(), settings.limits(), settings.journal());
  }

  static EmbeddedTestBroker start() {
    return new EmbeddedTestBroker(BrokerSettings.onLoopback(0));
  }

  static EmbeddedTestBroker startSecured(TlsSettings certificate, LimitSettings limits) {
    return new EmbeddedTestBroker(new BrokerSettings(0, null, certificate, limits, null));
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
    broker = EmbeddedBroker.start(settings);
  }

  @Override
  public void close() {
    broker.close();
  }
}
