package dev.blindsight.camera.mqtt;

/** Reason codes of MQTT 5 (section 2.4) that a person can do something about. */
final class ReasonCode {
  static final int NO_MATCHING_SUBSCRIBERS = 16;
  static final int FIRST_FAILURE = 128;

  private ReasonCode() {}

  static String describe(int code) {
    return switch (code) {
      case 132 -> "it does not speak MQTT 5 (132): use a broker that does";
      case 133 -> "it does not accept the client id (133): choose another name";
      case 134, 135 ->
          "not authorised (%d): give this client the right on the broker".formatted(code);
      case 137 -> "it is busy (137)";
      case 142 ->
          "another client took over with the same client id (142): give each device its own name";
      case 149 -> "the message is too large (149): raise the broker's maximum packet size";
      case 151 -> "a quota is exceeded (151)";
      default -> "reason code " + code;
    };
  }
}
