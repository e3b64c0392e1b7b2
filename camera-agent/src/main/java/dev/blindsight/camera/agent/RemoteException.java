package dev.blindsight.camera.agent;

/** No worker answers this readout. The message is one line for people. */
final class RemoteException extends Exception {
  private static final long serialVersionUID = 1L;

  RemoteException(String message) {
    super(message);
  }
}
