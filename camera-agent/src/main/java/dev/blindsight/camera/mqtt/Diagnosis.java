package dev.blindsight.camera.mqtt;

import dev.blindsight.camera.tls.ClientTls;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.jspecify.annotations.Nullable;

/**
 * Says in one line why a connection failed and how to mend it. The causes of an exception are what
 * there is to go by; where a broker just hangs up, how far it had got tells the likeliest reason.
 */
final class Diagnosis {
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");
  private static final Pattern OTHER_NAME =
      Pattern.compile("No (subject alternative|name matching)");
  private static final String NO_COMMON_VERSION = "not accepted by client preferences";
  private static final String OLD_TLS =
      "it does not speak TLS 1.3: configure it to, or use a broker that does";

  private Diagnosis() {}

  /**
   * Why an attempt to connect failed.
   *
   * @param tls what was used for it; absent, it was made without TLS
   */
  static Trouble ofAttempt(Throwable failure, @Nullable ClientTls tls) {
    Optional<Trouble> known = known(failure);
    if (known.isPresent()) {
      return known.get();
    }
    if (tls == null) {
      return find(failure, IOException.class).isEmpty()
          ? Trouble.passing(describe(failure))
          : Trouble.passing(
              "it closed the connection before it answered: if it expects TLS there, write"
                  + " mqtts://");
    }
    Matcher alert = ALERT.matcher(String.valueOf(root(failure).getMessage()));
    if (alert.find()) {
      return Trouble.lasting(ofAlert(alert.group(1), tls));
    }
    if (tls.askedForCertificate()) {
      return Trouble.lasting(
          "it closed the connection after it asked for a certificate: it most likely refuses "
              + ownCertificate(tls));
    }
    return ofServerCertificate(failure)
        .orElseGet(() ->
            find(failure, IOException.class).isEmpty()
                ? Trouble.passing(describe(failure))
                : Trouble.passing(
                    "it does not answer in TLS (%s): it may have too many connections, or listen without TLS there: then write mqtt://, or give the port with TLS"
                        .formatted(describe(failure))));
  }

  /** Why a connection that stood was lost. */
  static Trouble ofLoss(Throwable failure) {
    return known(failure).orElseGet(() -> Trouble.passing(describe(failure)));
  }

  /** What reads the same with and without TLS. */
  private static Optional<Trouble> known(Throwable failure) {
    if (failure instanceof MqttException e && isReasonCode(e.getReasonCode())) {
      return Optional.of(ReasonCode.trouble(e.getReasonCode()));
    }
    if (failure instanceof MqttException e
        && e.getReasonCode() == MqttException.REASON_CODE_INVALID_RETURN_CODE) {
      // The answer of MQTT 3 to a version it does not know has a code that MQTT 5 does not.
      return Optional.of(ReasonCode.trouble(ReasonCode.UNSUPPORTED_PROTOCOL_VERSION));
    }
    if (failure instanceof MqttException e
        && e.getReasonCode() == MqttClientException.REASON_CODE_CLIENT_TIMEOUT) {
      return Optional.of(
          Trouble.passing(
              "it did not answer within %d s".formatted(MqttSettings.CONNECT_TIMEOUT.toSeconds())));
    }
    if (root(failure) instanceof UnknownHostException) {
      return Optional.of(
          Trouble.passing("its name is not known here: correct broker, or mend the name service"));
    }
    return find(failure, ConnectException.class)
        .map(cause -> Trouble.passing(String.valueOf(cause.getMessage())));
  }

  private static boolean isReasonCode(int code) {
    return code >= ReasonCode.FIRST_FAILURE && code <= ReasonCode.LARGEST;
  }

  /** What this side found wrong with the broker's certificate or version. */
  private static Optional<Trouble> ofServerCertificate(Throwable failure) {
    String detail = String.valueOf(root(failure).getMessage());
    if (find(failure, CertificateExpiredException.class).isPresent()) {
      return Optional.of(
          Trouble.lasting(
              "its certificate has expired (%s) and this machine's clock says %s: renew the certificate, or set the clock"
                  .formatted(detail, now())));
    }
    if (find(failure, CertificateNotYetValidException.class).isPresent()) {
      return Optional.of(
          Trouble.lasting(
              "its certificate is not yet valid (%s) and this machine's clock says %s: set the clock"
                  .formatted(detail, now())));
    }
    if (find(failure, CertPathBuilderException.class).isPresent()) {
      return Optional.of(
          Trouble.lasting(
              "its certificate is from no authority that this client trusts: give the broker's"
                  + " authority as tls.ca"));
    }
    if (OTHER_NAME.matcher(detail).find()) {
      return Optional.of(
          Trouble.lasting(
              "its certificate is for another name (%s): write broker as the certificate has it, or renew the certificate for this name"
                  .formatted(detail)));
    }
    if (find(failure, CertificateException.class).isPresent()) {
      return Optional.of(
          Trouble.lasting(
              "its certificate cannot be accepted (%s): renew it on the broker".formatted(detail)));
    }
    if (detail.contains(NO_COMMON_VERSION)) {
      return Optional.of(Trouble.lasting(OLD_TLS));
    }
    return Optional.empty();
  }

  /** What the broker found wrong, as it said by an alert (RFC 8446, section 6.2). */
  private static String ofAlert(String alert, ClientTls tls) {
    return switch (alert) {
      case "certificate_required" ->
          tls.certificate()
              .map(
                  "it asks for a certificate of its own authority, and %s is not: give one that is"
                      ::formatted)
              .orElse("it asks for a certificate: give tls.certificate and tls.key");
      case "certificate_expired" ->
          "it says that %s has expired: renew it, or set the broker's clock"
              .formatted(ownCertificate(tls));
      case "unknown_ca" ->
          "it does not know the authority of %s: give one from an authority that it trusts"
              .formatted(ownCertificate(tls));
      case "bad_certificate",
          "certificate_unknown",
          "certificate_revoked",
          "unsupported_certificate",
          "access_denied",
          "decrypt_error" ->
          "it refuses %s (%s): give one that it accepts".formatted(ownCertificate(tls), alert);
      case "protocol_version" -> OLD_TLS;
      default -> "it refuses to speak TLS (%s): its log says why".formatted(alert);
    };
  }

  private static String ownCertificate(ClientTls tls) {
    return tls.certificate()
        .map("the certificate %s"::formatted)
        .orElse("a client without one: give tls.certificate and tls.key");
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  /** The innermost cause in its own words. */
  static String describe(Throwable failure) {
    if (failure instanceof MqttException e && isReasonCode(e.getReasonCode())) {
      return ReasonCode.describe(e.getReasonCode());
    }
    Throwable cause = root(failure);
    if (cause instanceof EOFException) {
      return "it closed the connection";
    }
    String message = cause.getMessage();
    return message == null
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }

  private static Throwable root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static <T extends Throwable> Optional<T> find(Throwable failure, Class<T> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }
}
