package dev.blindsight.protocol.seal;

/** What MQTT has to know of sealed payloads. */
public final class SealedContent {
  /** The MQTT content type of a sealed request or reply. */
  public static final String TYPE = "application/vnd.blindsight.sealed";

  /** The longest envelope in bytes. */
  public static final int LONGEST = Envelope.LONGEST;

  private SealedContent() {}
}
