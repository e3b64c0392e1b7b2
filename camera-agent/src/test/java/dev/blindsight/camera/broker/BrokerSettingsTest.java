package dev.blindsight.camera.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.protocol.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerSettingsTest {
  private static final TlsSettings TLS = new TlsSettings("ca.pem", "broker.pem", "broker.key");

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void settings_otherInterfaceWithoutTls_isRefused(String host) {
    assertThatThrownBy(() -> new BrokerSettings(null, host, null, null, null))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "host is %s and there is no tls: give tls with certificate, key and ca, or remove host to serve this machine only"
                .formatted(host));
    assertThat(new BrokerSettings(null, host, TLS, null, null).portOrDefault()).isEqualTo(8883);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost"})
  void settings_loopbackWithoutTls_isAccepted(String host) {
    assertThat(new BrokerSettings(null, host, null, null, null).portOrDefault()).isEqualTo(1883);
  }

  @Test
  void settings_tlsWithoutAuthorityOrCertificate_isRefused() {
    for (TlsSettings tls :
        new TlsSettings[] {
          TlsSettings.STANDARD,
          new TlsSettings("ca.pem", null, null),
          new TlsSettings(null, "broker.pem", "broker.key")
        }) {
      assertThatThrownBy(() -> new BrokerSettings(null, null, tls, null, null))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("tls is incomplete: give certificate, key and ca");
    }
  }

  @Test
  void limits_outOfRange_nameTheKeyAndTheRange() {
    assertThatThrownBy(() -> new LimitSettings(1023, null, null))
        .isInstanceOf(UserError.class)
        .hasMessage("packet_bytes is 1023: give 1024 to 1048576");
    assertThatThrownBy(() -> new LimitSettings(null, 0, null))
        .isInstanceOf(UserError.class)
        .hasMessage("connections is 0: give 1 to 100000");
    assertThatThrownBy(() -> new LimitSettings(null, null, 100_001))
        .isInstanceOf(UserError.class)
        .hasMessage("messages_per_second is 100001: give 1 to 100000");
  }
}
