package dev.blindsight.camera.agent;

/**
 * What became of the readouts that workers were asked about.
 *
 * @param refused the spool did not take
 * @param expired that waited in the spool for too long
 * @param resent transmissions of readouts that were sent before
 * @param duplicated replies to readouts that had their answer already
 * @param rejected messages on the reply topic that were no genuine replies
 * @param depth readouts that wait for their answer
 * @param bytes how long the spool's files are together
 */
record RemoteCounters(
    long refused,
    long expired,
    long resent,
    long duplicated,
    long rejected,
    int depth,
    long bytes) {
  /** Nobody was asked. */
  static final RemoteCounters NONE = new RemoteCounters(0, 0, 0, 0, 0, 0, 0);
}
