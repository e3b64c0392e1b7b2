package dev.blindsight.camera.mqtt;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Of all that Paho reports, what matters: messages and the loss of the connection. */
final class PahoCallback implements MqttCallback {
  private static final Logger LOG = LoggerFactory.getLogger(PahoCallback.class);

  private final BiConsumer<String, MqttMessage> arrived;
  private final Consumer<Trouble> lost;

  PahoCallback(BiConsumer<String, MqttMessage> arrived, Consumer<Trouble> lost) {
    this.arrived = arrived;
    this.lost = lost;
  }

  @Override
  public void messageArrived(String topic, MqttMessage message) {
    arrived.accept(topic, message);
  }

  @Override
  public void disconnected(MqttDisconnectResponse response) {
    if (response.getReturnCode() >= ReasonCode.FIRST_FAILURE) {
      lost.accept(ReasonCode.trouble(response.getReturnCode()));
    } else if (response.getException() != null) {
      lost.accept(Diagnosis.ofLoss(response.getException()));
    } else {
      lost.accept(Trouble.passing("it closed the connection"));
    }
  }

  @Override
  public void mqttErrorOccurred(MqttException exception) {
    LOG.debug("reported by Paho: {}", Diagnosis.describe(exception));
  }

  @Override
  public void deliveryComplete(IMqttToken token) {
    // The listener of each message is told.
  }

  @Override
  public void connectComplete(boolean reconnect, String serverUri) {
    // The thread that connects waits for it.
  }

  @Override
  public void authPacketArrived(int reasonCode, MqttProperties properties) {
    // Extended authentication is not used.
  }
}
