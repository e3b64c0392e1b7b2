package dev.blindsight.camera.broker;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.topic.DeviceAddress;
import dev.blindsight.protocol.topic.Topic;
import dev.blindsight.protocol.topic.TopicFilter;
import dev.blindsight.protocol.topic.TopicKind;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Who a client is, by the common name of its certificate, and what that allows it.
 *
 * <p>{@code <site>/<device>} is a device, {@code worker/<name>} a worker, {@code operator/<name>}
 * an operator; no site can be called worker or operator. The same names work as user names in the
 * access lists of Mosquitto.
 */
sealed interface ClientIdentity {
  /** The common name. */
  String name();

  /** Whether it may publish to a topic. */
  boolean mayWrite(String topic);

  /** Whether it may subscribe to a filter, given without the share's name. */
  boolean mayRead(String filter);

  /** Whether a client id is its own, so that nobody can disconnect another by taking its id. */
  boolean owns(String clientId);

  /**
   * Whose certificate it is.
   *
   * @return empty when its common name is none of the above
   */
  static Optional<ClientIdentity> of(X509Certificate certificate) {
    return commonName(certificate).flatMap(ClientIdentity::parse);
  }

  /**
   * Reads a common name.
   *
   * @return empty when it is none of the above
   */
  static Optional<ClientIdentity> parse(String commonName) {
    String[] names = commonName.split("/", -1);
    if (names.length != 2) {
      return Optional.empty();
    }
    try {
      // Worker's and operator's names follow the same rule as devices'.
      DeviceAddress address = new DeviceAddress(names[0], names[1]);
      return Optional.of(
          switch (address.site()) {
            case Worker.PREFIX -> new Worker(address.device());
            case Operator.PREFIX -> new Operator(address.device());
            default -> new Device(address);
          });
    } catch (UserError _) {
      return Optional.empty();
    }
  }

  private static Optional<String> commonName(X509Certificate certificate) {
    try {
      return new LdapName(certificate.getSubjectX500Principal().getName())
          .getRdns().stream()
              .filter(part -> part.getType().equalsIgnoreCase("CN"))
              .map(Rdn::getValue)
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .reduce((_, last) -> last);
    } catch (InvalidNameException _) {
      return Optional.empty();
    }
  }

  private static String clientId(String name) {
    return Topic.ROOT + "/" + name;
  }

  /**
   * A camera: writes and reads its own topics only.
   *
   * @param address where it is
   */
  record Device(DeviceAddress address) implements ClientIdentity {
    private static final Set<TopicKind> WRITTEN =
        EnumSet.of(
            TopicKind.STATUS,
            TopicKind.RESULT,
            TopicKind.EVENT,
            TopicKind.READOUT,
            TopicKind.DIAGNOSTICS,
            TopicKind.CAPTURE,
            TopicKind.MODEL_STATE);
    private static final Set<TopicKind> READ =
        EnumSet.of(TopicKind.REPLY, TopicKind.CAPTURE_SET, TopicKind.MODEL);

    @Override
    public String name() {
      return address.toString();
    }

    @Override
    public boolean mayWrite(String topic) {
      return isOneOf(WRITTEN, topic);
    }

    @Override
    public boolean mayRead(String filter) {
      return isOneOf(READ, filter);
    }

    private boolean isOneOf(Set<TopicKind> kinds, String name) {
      return Topic.parse(name)
          .filter(topic -> topic.address().equals(address) && kinds.contains(topic.kind()))
          .isPresent();
    }

    @Override
    public boolean owns(String clientId) {
      return clientId.equals(clientId(name()));
    }
  }

  /**
   * A worker: reads all readouts and answers them.
   *
   * @param label its name
   */
  record Worker(String label) implements ClientIdentity {
    static final String PREFIX = "worker";
    private static final String READOUTS = TopicFilter.every(TopicKind.READOUT).expression();

    @Override
    public String name() {
      return PREFIX + "/" + label;
    }

    @Override
    public boolean mayWrite(String topic) {
      return Topic.parse(topic).filter(parsed -> parsed.kind() == TopicKind.REPLY).isPresent();
    }

    @Override
    public boolean mayRead(String filter) {
      return filter.equals(READOUTS);
    }

    @Override
    public boolean owns(String clientId) {
      return isOwnOrBelow(clientId, clientId(name()));
    }
  }

  /**
   * A person, a home automation, a monitor: reads everything, commands devices.
   *
   * @param label its name
   */
  record Operator(String label) implements ClientIdentity {
    static final String PREFIX = "operator";
    private static final String EVERYTHING = "#";
    private static final Set<TopicKind> WRITTEN =
        EnumSet.of(TopicKind.CAPTURE_SET, TopicKind.MODEL);

    @Override
    public String name() {
      return PREFIX + "/" + label;
    }

    @Override
    public boolean mayWrite(String topic) {
      return Topic.parse(topic).filter(parsed -> WRITTEN.contains(parsed.kind())).isPresent();
    }

    @Override
    public boolean mayRead(String filter) {
      return filter.equals(EVERYTHING) || filter.startsWith(Topic.ROOT + "/");
    }

    @Override
    public boolean owns(String clientId) {
      return isOwnOrBelow(clientId, clientId(name()));
    }
  }

  private static boolean isOwnOrBelow(String clientId, String own) {
    return clientId.equals(own) || clientId.startsWith(own + "/");
  }
}
