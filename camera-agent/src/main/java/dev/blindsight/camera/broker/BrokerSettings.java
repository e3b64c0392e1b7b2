package dev.blindsight.camera.broker;

import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.protocol.UserError;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * What a broker's configuration file says.
 *
 * @param port where clients connect, 0..65535; 0 takes a free one; absent, 8883 with TLS and 1883
 *     without
 * @param host the address or name of the interface to listen on; absent, the loopback interface
 * @param tls the broker's own certificate and the authority of its clients' certificates; absent,
 *     there is neither TLS nor any check of who a client is, on the loopback interface only
 * @param limits how much the broker takes
 * @param journal a folder where messages survive the broker's end; absent, they are held in memory
 *     only
 */
public record BrokerSettings(
    @Nullable Integer port,
    @Nullable String host,
    @Nullable TlsSettings tls,
    @Nullable LimitSettings limits,
    @Nullable String journal) {
  private static final int DEFAULT_PORT = 1883;
  private static final int DEFAULT_TLS_PORT = 8883;
  private static final int LARGEST_PORT = 65_535;

  /**
   * @throws UserError when the port is out of range, the host is unknown, or others than this
   *     machine could connect without proving who they are
   */
  public BrokerSettings {
    if (port != null && (port < 0 || port > LARGEST_PORT)) {
      throw new UserError("port is %d: give 0 to %d".formatted(port, LARGEST_PORT));
    }
    if (tls != null && (tls.certificate() == null || tls.ca() == null)) {
      throw new UserError(
          "tls is incomplete: give certificate, key and ca, the authority of the clients'"
              + " certificates");
    }
    if (tls == null && !resolve(host).isLoopbackAddress()) {
      throw new UserError(
          "host is %s and there is no tls: give tls with certificate, key and ca, or remove host to serve this machine only"
              .formatted(host));
    }
  }

  /** On the loopback interface, without TLS, in memory. */
  public static BrokerSettings onLoopback(int port) {
    return new BrokerSettings(port, null, null, null, null);
  }

  private static InetAddress resolve(@Nullable String host) {
    if (host == null) {
      return InetAddress.getLoopbackAddress();
    }
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new UserError(
          "host is %s, which is not known here: give an address".formatted(host), e);
    }
  }

  InetAddress address() {
    return resolve(host);
  }

  int portOrDefault() {
    if (port != null) {
      return port;
    }
    return tls == null ? DEFAULT_PORT : DEFAULT_TLS_PORT;
  }

  LimitSettings limitsOrDefault() {
    return limits == null ? LimitSettings.STANDARD : limits;
  }
}
