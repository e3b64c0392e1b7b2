package dev.blindsight.camera.mqtt;

import dev.blindsight.firmware.profile.BrokerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A connection to a broker that can be pulled: both ends see it broken, without a word of farewell.
 */
public final class Cable implements AutoCloseable {
  private final ServerSocket listener;
  private final String scheme;
  private final int brokerPort;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  public Cable(BrokerAddress broker) throws IOException {
    this.scheme = broker.uri().getScheme();
    this.brokerPort = broker.uri().getPort();
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::acceptAll);
  }

  /** Where clients connect in place of the broker. */
  public BrokerAddress address() {
    return BrokerAddress.parse(scheme + "://127.0.0.1:" + listener.getLocalPort());
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
        client.setTcpNoDelay(true);
        broker.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(broker);
        Thread.ofVirtual().start(() -> copy(client, broker));
        Thread.ofVirtual().start(() -> copy(broker, client));
      } catch (IOException _) {
        // Closed, or no broker: the client is not served.
      }
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to;
        InputStream input = from.getInputStream();
        OutputStream output = to.getOutputStream()) {
      byte[] buffer = new byte[8192];
      for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
        output.write(buffer, 0, read);
      }
    } catch (IOException _) {
      // Pulled.
    }
  }

  /** Breaks all connections; new ones are taken again. */
  public void pull() {
    for (Socket socket : List.copyOf(sockets)) {
      try {
        sockets.remove(socket);
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    pull();
  }
}
