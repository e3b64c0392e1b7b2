package dev.blindsight.camera.spool;

/**
 * An entry that somebody has taken, to release it or to come back to it after a restart.
 *
 * @param id the entry's, unique within its spool
 * @param content the taker's own
 */
@SuppressWarnings("ArrayRecordComponent") // an entry is compared by nobody
public record SpoolEntry(long id, byte[] content) {}
