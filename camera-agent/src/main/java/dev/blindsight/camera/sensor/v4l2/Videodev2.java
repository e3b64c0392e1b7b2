package dev.blindsight.camera.sensor.v4l2;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SequenceLayout;
import java.lang.foreign.StructLayout;
import java.lang.foreign.UnionLayout;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The structures and numbers of the kernel's header linux/videodev2.h that capturing needs, under
 * the header's names, as they are laid out on machines of 64 bits (Linux Media Infrastructure
 * userspace API, part I).
 */
final class Videodev2 {
  private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT;

  static final int V4L2_CAP_VIDEO_CAPTURE = 0x0000_0001;
  static final int V4L2_CAP_VIDEO_CAPTURE_MPLANE = 0x0000_1000;
  static final int V4L2_CAP_STREAMING = 0x0400_0000;
  static final int V4L2_CAP_DEVICE_CAPS = 0x8000_0000;

  static final int V4L2_BUF_TYPE_VIDEO_CAPTURE = 1;
  static final int V4L2_MEMORY_MMAP = 1;
  static final int V4L2_FIELD_NONE = 1;
  static final int V4L2_FIELD_SEQ_TB = 5;
  static final int V4L2_FIELD_SEQ_BT = 6;
  static final int V4L2_FIELD_ALTERNATE = 7;
  static final int V4L2_CAP_TIMEPERFRAME = 0x1000;
  static final int V4L2_BUF_FLAG_ERROR = 0x0040;

  static final StructLayout V4L2_CAPABILITY =
      MemoryLayout.structLayout(
          text(16, "driver"),
          text(32, "card"),
          text(32, "bus_info"),
          U32.withName("version"),
          U32.withName("capabilities"),
          U32.withName("device_caps"),
          array(3, "reserved"));

  static final StructLayout V4L2_FMTDESC =
      MemoryLayout.structLayout(
          U32.withName("index"),
          U32.withName("type"),
          U32.withName("flags"),
          text(32, "description"),
          U32.withName("pixelformat"),
          U32.withName("mbus_code"),
          array(3, "reserved"));

  static final StructLayout V4L2_PIX_FORMAT =
      MemoryLayout.structLayout(
          U32.withName("width"),
          U32.withName("height"),
          U32.withName("pixelformat"),
          U32.withName("field"),
          U32.withName("bytesperline"),
          U32.withName("sizeimage"),
          U32.withName("colorspace"),
          U32.withName("priv"),
          U32.withName("flags"),
          U32.withName("ycbcr_enc"),
          U32.withName("quantization"),
          U32.withName("xfer_func"));

  /** The union is of 200 bytes and holds pointers in one of its members: hence the gap. */
  static final StructLayout V4L2_FORMAT =
      MemoryLayout.structLayout(
          U32.withName("type"),
          MemoryLayout.paddingLayout(4),
          MemoryLayout.unionLayout(
                  V4L2_PIX_FORMAT.withName("pix"),
                  MemoryLayout.sequenceLayout(200, ValueLayout.JAVA_BYTE).withName("raw_data"))
              .withName("fmt"));

  static final StructLayout V4L2_FRACT =
      MemoryLayout.structLayout(U32.withName("numerator"), U32.withName("denominator"));

  static final StructLayout V4L2_CAPTUREPARM =
      MemoryLayout.structLayout(
          U32.withName("capability"),
          U32.withName("capturemode"),
          V4L2_FRACT.withName("timeperframe"),
          U32.withName("extendedmode"),
          U32.withName("readbuffers"),
          array(4, "reserved"));

  static final StructLayout V4L2_STREAMPARM =
      MemoryLayout.structLayout(
          U32.withName("type"),
          MemoryLayout.unionLayout(
                  V4L2_CAPTUREPARM.withName("capture"),
                  MemoryLayout.sequenceLayout(200, ValueLayout.JAVA_BYTE).withName("raw_data"))
              .withName("parm"));

  static final StructLayout V4L2_REQUESTBUFFERS =
      MemoryLayout.structLayout(
          U32.withName("count"),
          U32.withName("type"),
          U32.withName("memory"),
          U32.withName("capabilities"),
          MemoryLayout.sequenceLayout(4, ValueLayout.JAVA_BYTE).withName("flags_and_reserved"));

  static final StructLayout V4L2_TIMECODE =
      MemoryLayout.structLayout(
          U32.withName("type"),
          U32.withName("flags"),
          MemoryLayout.sequenceLayout(8, ValueLayout.JAVA_BYTE).withName("digits"));

  private static final UnionLayout BUFFER_PLACE =
      MemoryLayout.unionLayout(
          U32.withName("offset"),
          ValueLayout.JAVA_LONG.withName("userptr"),
          ValueLayout.ADDRESS.withName("planes"),
          ValueLayout.JAVA_INT.withName("fd"));

  static final StructLayout V4L2_BUFFER =
      MemoryLayout.structLayout(
          U32.withName("index"),
          U32.withName("type"),
          U32.withName("bytesused"),
          U32.withName("flags"),
          U32.withName("field"),
          MemoryLayout.paddingLayout(4),
          MemoryLayout.structLayout(
                  ValueLayout.JAVA_LONG.withName("tv_sec"),
                  ValueLayout.JAVA_LONG.withName("tv_usec"))
              .withName("timestamp"),
          V4L2_TIMECODE.withName("timecode"),
          U32.withName("sequence"),
          U32.withName("memory"),
          BUFFER_PLACE.withName("m"),
          U32.withName("length"),
          U32.withName("reserved2"),
          U32.withName("request_fd"),
          MemoryLayout.paddingLayout(4));

  /** The argument of VIDIOC_STREAMON and VIDIOC_STREAMOFF: {@code int}, a buffer type. */
  static final StructLayout BUFFER_TYPE = MemoryLayout.structLayout(U32.withName("type"));

  private Videodev2() {}

  private static SequenceLayout text(long bytes, String name) {
    return MemoryLayout.sequenceLayout(bytes, ValueLayout.JAVA_BYTE).withName(name);
  }

  private static SequenceLayout array(long entries, String name) {
    return MemoryLayout.sequenceLayout(entries, U32).withName(name);
  }

  /**
   * A field of 32 bits in a structure.
   *
   * @param offset bytes from the structure's beginning
   */
  record Field(long offset) {
    /** The field that the path leads to, through structures and unions within. */
    static Field of(MemoryLayout structure, String... path) {
      return new Field(
          structure.byteOffset(
              Arrays.stream(path).map(PathElement::groupElement).toArray(PathElement[]::new)));
    }

    int in(MemorySegment structure) {
      return structure.get(U32, offset);
    }

    void set(MemorySegment structure, int value) {
      structure.set(U32, offset, value);
    }
  }

  /** The characters of a text field up to the first zero byte. */
  static String text(MemorySegment structure, StructLayout layout, String name) {
    MemoryLayout field = layout.select(PathElement.groupElement(name));
    StringBuilder text = new StringBuilder();
    long offset = layout.byteOffset(PathElement.groupElement(name));
    for (long i = offset; i < offset + field.byteSize(); i++) {
      byte character = structure.get(ValueLayout.JAVA_BYTE, i);
      if (character == 0) {
        break;
      }
      // A device names itself: what cannot be printed is not passed on.
      text.append(character >= ' ' && character < 127 ? (char) character : '?');
    }
    return text.toString();
  }
}
