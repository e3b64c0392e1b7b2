package dev.blindsight.protocol.keys;

import java.util.Locale;

/** What a key seals. Each purpose has keys of its own. */
public enum SealPurpose {
  /** Requests of a device to a worker. */
  REQUEST,
  /** Replies of a worker to a device. */
  REPLY,
  /** What a device keeps on its disk until it has been answered. */
  SPOOL;

  /** The purpose's name in the derivation's context. */
  String contextName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
