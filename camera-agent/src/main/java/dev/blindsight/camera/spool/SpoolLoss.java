package dev.blindsight.camera.spool;

/** Why an entry left the spool without being released. */
public enum SpoolLoss {
  /** It became older than the spool keeps anything. */
  EXPIRED,
  /** It made room for newer ones. */
  DISPLACED,
  /** It cannot be read from the disk any more, or not be opened. */
  DAMAGED
}
