package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.tls.ClientTls;
import dev.blindsight.camera.tls.TlsCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sockets that speak TLS 1.3 only and send small packets at once (TCP_NODELAY), and closes
 * them: Paho leaves a TLS socket open when its first step of closing fails, which it does whenever
 * the broker has not said farewell.
 */
final class TlsSocketFactory extends SSLSocketFactory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TlsSocketFactory.class);
  private static final String[] PROTOCOLS = {TlsCredentials.PROTOCOL};

  private final SSLSocketFactory sockets;
  private final Queue<Socket> made = new ConcurrentLinkedQueue<>();

  TlsSocketFactory(ClientTls tls) {
    this.sockets = tls.sockets();
  }

  private Socket prepared(Socket socket) throws IOException {
    made.add(socket);
    socket.setTcpNoDelay(true);
    ((SSLSocket) socket).setEnabledProtocols(PROTOCOLS);
    return socket;
  }

  @Override
  public Socket createSocket() throws IOException {
    return prepared(sockets.createSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return prepared(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return prepared(sockets.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return prepared(sockets.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return prepared(sockets.createSocket(address, port, localAddress, localPort));
  }

  @Override
  public Socket createSocket(Socket socket, String host, int port, boolean autoClose)
      throws IOException {
    return prepared(sockets.createSocket(socket, host, port, autoClose));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }

  /** Closes all sockets it made. */
  @Override
  public void close() {
    for (Socket socket = made.poll(); socket != null; socket = made.poll()) {
      try {
        socket.close();
      } catch (IOException e) {
        LOG.debug("closing a TLS socket: {}", e.toString());
      }
    }
  }
}
