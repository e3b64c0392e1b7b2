package dev.blindsight.camera.mqtt;

/** Reason codes of MQTT 5 (section 2.4) that a person can do something about. */
final class ReasonCode {
  static final int NO_MATCHING_SUBSCRIBERS = 16;
  static final int FIRST_FAILURE = 128;
  static final int UNSUPPORTED_PROTOCOL_VERSION = 132;
  static final int PACKET_TOO_LARGE = 149;
  static final int LARGEST = 255;

  private ReasonCode() {}

  /** What a code means for the connection. */
  static Trouble trouble(int code) {
    boolean lasting =
        switch (code) {
          case UNSUPPORTED_PROTOCOL_VERSION, 133, 134, 135, 140, 142 -> true;
          default -> false;
        };
    return new Trouble(describe(code), lasting);
  }

  static String describe(int code) {
    return switch (code) {
      case UNSUPPORTED_PROTOCOL_VERSION -> "it does not speak MQTT 5 (132): use a broker that does";
      case 133 ->
          "it does not accept the client id (133): use the name that the certificate gives, or"
              + " another one";
      case 134, 135, 140 ->
          "not authorised (%d): give this client the right on the broker".formatted(code);
      case 137 -> "it is busy (137)";
      case 142 ->
          "another client took over with the same client id (142): give each device its own name";
      case PACKET_TOO_LARGE ->
          "the message is too large (149): raise the broker's maximum packet size";
      case 151 -> "a quota is exceeded (151)";
      default -> "reason code " + code;
    };
  }
}
