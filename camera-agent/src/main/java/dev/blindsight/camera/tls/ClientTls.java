package dev.blindsight.camera.tls;

import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;

/** One attempt of a client to speak TLS: what its sockets use, and what the server wanted. */
public final class ClientTls {
  private final SSLSocketFactory sockets;
  private final WatchedKeyManager keys;
  private final Optional<String> certificate;

  ClientTls(SSLSocketFactory sockets, WatchedKeyManager keys, Optional<String> certificate) {
    this.sockets = sockets;
    this.keys = keys;
    this.certificate = certificate;
  }

  /** Makes sockets that trust and prove; who uses it sets the version and checks names. */
  public SSLSocketFactory sockets() {
    return sockets;
  }

  /**
   * Whether the server got so far as to ask for the client's certificate: whatever breaks after
   * that has most likely to do with it.
   */
  public boolean askedForCertificate() {
    return keys.asked();
  }

  /** The file with the client's certificate, if it has one. */
  public Optional<String> certificate() {
    return certificate;
  }
}
