package dev.blindsight.camera.mqtt;

/** The brokers every test of messaging runs on. */
public enum BrokerKind {
  /** The embedded Artemis. */
  EMBEDDED {
    @Override
    public TestBroker start() {
      return EmbeddedTestBroker.start();
    }
  },
  /** Mosquitto, as Debian packages it. */
  MOSQUITTO {
    @Override
    public TestBroker start() {
      return MosquittoTestBroker.start();
    }
  };

  /** A running broker on a free port of the loopback interface. */
  public abstract TestBroker start();
}
