package dev.blindsight.camera.spool;

/** Which of the waiting entries goes first, and so which is given up when the spool is full. */
public enum SpoolOrder {
  /** First come, first served: a full spool refuses what is new. */
  OLDEST_FIRST,
  /** What is new matters most: a full spool gives up the oldest that nobody has taken yet. */
  NEWEST_FIRST
}
