package dev.blindsight.camera.spool;

/** Told what goes wrong with a spool, on the spool's own threads; hands slow work to another. */
public interface SpoolListener {

  /**
   * An entry left the spool without being released.
   *
   * @param id the entry's
   */
  void lost(long id, SpoolLoss loss);

  /**
   * The spool does not take a new entry, or the disk fails.
   *
   * @param reason one line for people; the same each time for the same cause
   */
  void troubled(String reason);

  /** After trouble: an entry was kept again. */
  void recovered();
}
