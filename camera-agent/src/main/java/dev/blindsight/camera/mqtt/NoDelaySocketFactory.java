package dev.blindsight.camera.mqtt;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes sockets that send small packets at once (TCP_NODELAY) and read ahead. Paho leaves Nagle's
 * algorithm on, and an acknowledgement that waits for it costs 40 ms or more a message; and it
 * reads a packet's first bytes one by one, each of which would be a call of the kernel.
 */
final class NoDelaySocketFactory extends SocketFactory {
  private static Socket noDelay(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** A socket whose bytes are read as many as there are. */
  private static final class ReadAheadSocket extends Socket {
    private @Nullable InputStream ahead;

    @Override
    public synchronized InputStream getInputStream() throws IOException {
      if (ahead == null) {
        ahead = new ReadAhead(super.getInputStream());
      }
      return ahead;
    }
  }

  private static final class ReadAhead extends BufferedInputStream {
    ReadAhead(InputStream in) {
      super(in);
    }

    /** Asks the kernel only where nothing is here: Paho wants to know it before each packet. */
    @Override
    public synchronized int available() throws IOException {
      int here = count - pos;
      return here > 0 ? here : super.available();
    }
  }

  @Override
  public Socket createSocket() throws IOException {
    return noDelay(new ReadAheadSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return noDelay(new Socket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return noDelay(new Socket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return noDelay(new Socket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return noDelay(new Socket(address, port, localAddress, localPort));
  }
}
