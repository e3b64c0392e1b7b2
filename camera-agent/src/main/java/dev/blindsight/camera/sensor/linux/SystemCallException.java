package dev.blindsight.camera.sensor.linux;

/** A system call failed. */
public final class SystemCallException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final Errno error;
  private final String reason;

  /**
   * @param call its name, as {@code open} or {@code VIDIOC_S_FMT}
   * @param error what the kernel said
   * @param reason the same as strerror(3) words it, as {@code No such device}
   */
  public SystemCallException(String call, Errno error, String reason) {
    super("%s: %s".formatted(call, reason));
    this.call = call;
    this.error = error;
    this.reason = reason;
  }

  /** The call's name. */
  public String call() {
    return call;
  }

  /** What the kernel said. */
  public Errno error() {
    return error;
  }

  /** The same in words. */
  public String reason() {
    return reason;
  }
}
