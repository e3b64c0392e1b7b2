package dev.blindsight.camera.sensor.linux;

/** The error numbers of Linux that sensors tell apart (asm-generic/errno-base.h). */
public enum Errno {
  EPERM(1),
  ENOENT(2),
  EINTR(4),
  EIO(5),
  ENXIO(6),
  EAGAIN(11),
  ENOMEM(12),
  EACCES(13),
  EBUSY(16),
  ENODEV(19),
  EINVAL(22),
  ENOTTY(25),
  ENOSPC(28),
  EPIPE(32),
  /** Any other. */
  OTHER(-1);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** The number the kernel gives; -1 for {@link #OTHER}. */
  public int number() {
    return number;
  }

  /** The error with a number. */
  public static Errno of(int number) {
    for (Errno error : values()) {
      if (error.number == number) {
        return error;
      }
    }
    return OTHER;
  }
}
