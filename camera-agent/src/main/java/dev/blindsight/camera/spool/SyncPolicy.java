package dev.blindsight.camera.spool;

/**
 * When what was written is forced to the disk. Under each policy an entry survives the death of the
 * process; the policies differ in what survives a loss of power.
 */
public enum SyncPolicy {
  /** Before an entry counts as kept; entries that arrive together are forced together. */
  ALWAYS,
  /** At intervals: a loss of power costs the entries of the last interval at most. */
  INTERVAL,
  /** When the operating system pleases. */
  NEVER
}
