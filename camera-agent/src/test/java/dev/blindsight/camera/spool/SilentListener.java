package dev.blindsight.camera.spool;

/** Listens to nothing. */
final class SilentListener implements SpoolListener {
  @Override
  public void lost(long id, SpoolLoss loss) {}

  @Override
  public void troubled(String reason) {}

  @Override
  public void recovered() {}
}
