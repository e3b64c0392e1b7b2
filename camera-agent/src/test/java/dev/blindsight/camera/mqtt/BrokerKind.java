package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.broker.LimitSettings;
import dev.blindsight.camera.tls.TlsSettings;

/** The brokers every test of messaging runs on. */
public enum BrokerKind {
  /** The embedded Artemis. */
  EMBEDDED {
    @Override
    public TestBroker start() {
      return EmbeddedTestBroker.start();
    }

    @Override
    public TestBroker startSecured(TlsSettings certificate, LimitSettings limits) {
      return EmbeddedTestBroker.startSecured(certificate, limits);
    }
  },
  /** Mosquitto, as Debian packages it. */
  MOSQUITTO {
    @Override
    public TestBroker start() {
      return MosquittoTestBroker.start();
    }

    @Override
    public TestBroker startSecured(TlsSettings certificate, LimitSettings limits) {
      return MosquittoTestBroker.startSecured(certificate, limits);
    }
  };

  /** A running broker on a free port of the loopback interface. */
  public abstract TestBroker start();

  /**
   * A running broker with TLS and rights for the authority of its own certificate, on a free port
   * of the loopback interface.
   *
   * @param limits packet size and connections
   */
  public abstract TestBroker startSecured(TlsSettings certificate, LimitSettings limits);
}
