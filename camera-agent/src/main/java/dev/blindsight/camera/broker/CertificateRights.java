package dev.blindsight.camera.broker;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.protocol.mqtt.exceptions.InvalidClientIdException;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.apache.activemq.artemis.utils.CertificateUtil;
import org.jspecify.annotations.Nullable;

/**
 * Grants what the common name of a client's certificate allows ({@link ClientIdentity}); user names
 * and passwords mean nothing. A refused publish or subscription is answered with reason code 135, a
 * client id that is not the certificate's with 133, and a certificate of nobody with 134.
 */
final class CertificateRights implements ActiveMQSecurityManager5 {
  private static final String QUEUE_SEPARATOR = "::";

  @Override
  public @Nullable Subject authenticate(
      @Nullable String user,
      @Nullable String password,
      RemotingConnection connection,
      @Nullable String securityDomain) {
    Optional<ClientIdentity> identity = certificate(connection).flatMap(ClientIdentity::of);
    if (identity.isEmpty()) {
      return null;
    }
    if (!identity.get().owns(connection.getClientID())) {
      throw new InvalidClientIdException();
    }
    Subject subject = new Subject();
    subject.getPrincipals().add(new UserPrincipal(identity.get().name()));
    return subject;
  }

  private static Optional<X509Certificate> certificate(RemotingConnection connection) {
    X509Certificate @Nullable [] chain = CertificateUtil.getCertsFromConnection(connection);
    return chain == null || chain.length == 0 ? Optional.empty() : Optional.of(chain[0]);
  }

  @Override
  public boolean authorize(
      Subject subject, @Nullable Set<Role> roles, CheckType check, String address) {
    // Artemis names a subscription's queue after the address; the right is to the address.
    int queue = address.indexOf(QUEUE_SEPARATOR);
    String topic = queue < 0 ? address : address.substring(0, queue);
    return subject.getPrincipals(UserPrincipal.class).stream()
        .findFirst()
        .flatMap(principal -> ClientIdentity.parse(principal.getName()))
        .filter(identity -> allows(identity, check, topic))
        .isPresent();
  }

  private static boolean allows(ClientIdentity identity, CheckType check, String topic) {
    return switch (check) {
      case SEND -> identity.mayWrite(topic);
      case CONSUME,
          CREATE_DURABLE_QUEUE,
          CREATE_NON_DURABLE_QUEUE,
          DELETE_DURABLE_QUEUE,
          DELETE_NON_DURABLE_QUEUE ->
          identity.mayRead(topic);
      case CREATE_ADDRESS -> identity.mayWrite(topic) || identity.mayRead(topic);
      case DELETE_ADDRESS, MANAGE, BROWSE, VIEW, EDIT -> false;
    };
  }

  @Override
  public boolean validateUser(@Nullable String user, @Nullable String password) {
    return false;
  }

  @Override
  public boolean validateUserAndRole(
      @Nullable String user,
      @Nullable String password,
      @Nullable Set<Role> roles,
      @Nullable CheckType checkType) {
    return false;
  }
}
