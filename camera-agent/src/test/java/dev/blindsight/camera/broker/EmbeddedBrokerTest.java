package dev.blindsight.camera.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class EmbeddedBrokerTest {
  @Test
  void start_portInUse_saysWhichAndWhatToDo() throws IOException {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      BrokerSettings settings = BrokerSettings.onLoopback(holder.getLocalPort());

      assertThatThrownBy(() -> EmbeddedBroker.start(settings))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "port %d of 127.0.0.1 cannot be listened on: stop what uses it, or choose another port"
                  .formatted(holder.getLocalPort()));
    }
  }

  @Test
  void start_twoOnFreePorts_haveAPortEach() {
    try (EmbeddedBroker first = EmbeddedBroker.start(BrokerSettings.onLoopback(0));
        EmbeddedBroker second = EmbeddedBroker.start(BrokerSettings.onLoopback(0))) {
      assertThat(first.port()).isPositive().isNotEqualTo(second.port());
      assertThat(first.address()).hasToString("mqtt://127.0.0.1:" + first.port());
    }
  }
}
