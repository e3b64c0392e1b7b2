package dev.blindsight.camera.sensor.v4l2;

import java.lang.foreign.StructLayout;

/**
 * The ioctl(2) requests of linux/videodev2.h that capturing needs. A request's number holds its
 * direction, the size of its argument, the letter {@code V} and a number within that
 * (asm-generic/ioctl.h).
 */
enum VideoRequest {
  VIDIOC_QUERYCAP(Direction.READ, 0, Videodev2.V4L2_CAPABILITY),
  VIDIOC_ENUM_FMT(Direction.BOTH, 2, Videodev2.V4L2_FMTDESC),
  VIDIOC_S_FMT(Direction.BOTH, 5, Videodev2.V4L2_FORMAT),
  VIDIOC_REQBUFS(Direction.BOTH, 8, Videodev2.V4L2_REQUESTBUFFERS),
  VIDIOC_QUERYBUF(Direction.BOTH, 9, Videodev2.V4L2_BUFFER),
  VIDIOC_QBUF(Direction.BOTH, 15, Videodev2.V4L2_BUFFER),
  VIDIOC_DQBUF(Direction.BOTH, 17, Videodev2.V4L2_BUFFER),
  VIDIOC_STREAMON(Direction.WRITE, 18, Videodev2.BUFFER_TYPE),
  VIDIOC_STREAMOFF(Direction.WRITE, 19, Videodev2.BUFFER_TYPE),
  VIDIOC_G_PARM(Direction.BOTH, 21, Videodev2.V4L2_STREAMPARM),
  VIDIOC_S_PARM(Direction.BOTH, 22, Videodev2.V4L2_STREAMPARM);

  /** As the program sees it: it writes the argument, reads it, or both. */
  private enum Direction {
    WRITE(1),
    READ(2),
    BOTH(3);

    private final long bits;

    Direction(long bits) {
      this.bits = bits;
    }
  }

  private final long number;
  private final long argumentBytes;

  VideoRequest(Direction direction, int number, StructLayout argument) {
    this.number = direction.bits << 30 | argument.byteSize() << 16 | 'V' << 8 | number;
    this.argumentBytes = argument.byteSize();
  }

  /** What ioctl(2) takes, at most 32 bits. */
  long number() {
    return number;
  }

  /** How long the structure is that it reads and writes. */
  long argumentBytes() {
    return argumentBytes;
  }
}
