package dev.blindsight.camera.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Whom to trust and how to prove who one is: what {@link TlsSettings} name, read and checked. */
public final class TlsCredentials {
  /** The one version that is spoken. */
  public static final String PROTOCOL = "TLSv1.3";

  // Guards nothing: the store never leaves memory.
  private static final char[] IN_MEMORY = {};
  private static final String UNUSABLE = "certificates that were read cannot be used";

  private final List<X509Certificate> authorities;
  private final @Nullable TlsIdentity identity;

  TlsCredentials(List<X509Certificate> authorities, @Nullable TlsIdentity identity) {
    this.authorities = List.copyOf(authorities);
    this.identity = identity;
  }

  /**
   * What is wrong with one's own certificate at a time: one line that names file and remedy, or
   * empty when it is valid or there is none.
   */
  public Optional<String> trouble(Instant now) {
    return identity == null ? Optional.empty() : identity.trouble(now);
  }

  /** What a client's attempt to connect needs. */
  public ClientTls client() {
    try {
      WatchedKeyManager keys = new WatchedKeyManager(identity == null ? null : keys(identity));
      return new ClientTls(
          context(keys).getSocketFactory(),
          keys,
          Optional.ofNullable(identity).map(own -> own.file().toString()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(UNUSABLE, e);
    }
  }

  /** A server's context; who makes engines of it sets the version and asks for certificates. */
  public SSLContext server() {
    if (identity == null) {
      throw new IllegalStateException("a server needs a certificate");
    }
    try {
      return context(keys(identity));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(UNUSABLE, e);
    }
  }

  private SSLContext context(X509ExtendedKeyManager keys)
      throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance(PROTOCOL);
    context.init(new KeyManager[] {keys}, trustManagers(), null);
    return context;
  }

  private static X509ExtendedKeyManager keys(TlsIdentity identity)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "own", identity.key(), IN_MEMORY, identity.chain().toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, IN_MEMORY);
    return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
  }

  private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException, IOException {
    if (authorities.isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("authority-" + i, authorities.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, IN_MEMORY);
    return store;
  }
}
