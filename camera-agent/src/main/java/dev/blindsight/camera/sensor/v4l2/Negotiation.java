package dev.blindsight.camera.sensor.v4l2;

import static dev.blindsight.camera.sensor.v4l2.Videodev2.V4L2_BUF_TYPE_VIDEO_CAPTURE;

import dev.blindsight.camera.sensor.linux.Errno;
import dev.blindsight.camera.sensor.linux.SystemCallException;
import dev.blindsight.camera.sensor.v4l2.Videodev2.Field;
import dev.blindsight.protocol.UserError;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Sets a camera to a format, size and rate: VIDIOC_QUERYCAP, VIDIOC_ENUM_FMT, VIDIOC_S_FMT and
 * VIDIOC_S_PARM. The kernel's driver answers with the nearest it can, which is checked before
 * anybody relies on it.
 */
final class Negotiation {
  private static final int MOST_FORMATS = 64;
  private static final int MOST_SIDE = 65_535;
  private static final int RATE_DENOMINATOR = 1000;

  private static final Field CAPABILITIES = Field.of(Videodev2.V4L2_CAPABILITY, "capabilities");
  private static final Field DEVICE_CAPS = Field.of(Videodev2.V4L2_CAPABILITY, "device_caps");
  private static final Field FORMAT_INDEX = Field.of(Videodev2.V4L2_FMTDESC, "index");
  private static final Field FORMAT_TYPE = Field.of(Videodev2.V4L2_FMTDESC, "type");
  private static final Field FORMAT_PIXELS = Field.of(Videodev2.V4L2_FMTDESC, "pixelformat");
  private static final Field TYPE = Field.of(Videodev2.V4L2_FORMAT, "type");
  private static final Field WIDTH = picture("width");
  private static final Field HEIGHT = picture("height");
  private static final Field PIXELS = picture("pixelformat");
  private static final Field FIELD = picture("field");
  private static final Field BYTES_PER_LINE = picture("bytesperline");
  private static final Field SIZE_IMAGE = picture("sizeimage");
  private static final Field RATE_TYPE = Field.of(Videodev2.V4L2_STREAMPARM, "type");
  private static final Field RATE_CAPABILITY =
      Field.of(Videodev2.V4L2_STREAMPARM, "parm", "capture", "capability");
  private static final Field NUMERATOR =
      Field.of(Videodev2.V4L2_STREAMPARM, "parm", "capture", "timeperframe", "numerator");
  private static final Field DENOMINATOR =
      Field.of(Videodev2.V4L2_STREAMPARM, "parm", "capture", "timeperframe", "denominator");

  private final VideoDevice device;
  private final V4l2Settings settings;
  private final int channels;

  /**
   * @param channels of a pixel in the spec: 1 luma, 3 RGB
   */
  Negotiation(VideoDevice device, V4l2Settings settings, int channels) {
    this.device = device;
    this.settings = settings;
    this.channels = channels;
  }

  private static Field picture(String name) {
    return Field.of(Videodev2.V4L2_FORMAT, "fmt", "pix", name);
  }

  /**
   * Sets the camera.
   *
   * @return what it is set to
   * @throws UserError when it is no camera this driver can read
   */
  VideoMode settle() throws SystemCallException {
    try (Arena arena = Arena.ofConfined()) {
      requireCamera(arena);
      PixelFormat format = choose(formats(arena));
      return setFormat(arena, format);
    }
  }

  private void requireCamera(Arena arena) throws SystemCallException {
    MemorySegment capability = arena.allocate(Videodev2.V4L2_CAPABILITY);
    device.control(VideoRequest.VIDIOC_QUERYCAP, capability);
    int capabilities = CAPABILITIES.in(capability);
    // A device may have several files; device_caps is about this one.
    if ((capabilities & Videodev2.V4L2_CAP_DEVICE_CAPS) != 0) {
      capabilities = DEVICE_CAPS.in(capability);
    }
    String card = Videodev2.text(capability, Videodev2.V4L2_CAPABILITY, "card");
    if ((capabilities & Videodev2.V4L2_CAP_VIDEO_CAPTURE) == 0) {
      boolean planes = (capabilities & Videodev2.V4L2_CAP_VIDEO_CAPTURE_MPLANE) != 0;
      throw new UserError(
          "%s (%s): %s: give another, as /dev/video0, or csi:0 for a camera on a ribbon cable"
              .formatted(
                  settings.path(),
                  card,
                  planes
                      ? "captures in several planes only, which this driver does not read"
                      : "captures no video"));
    }
    if ((capabilities & Videodev2.V4L2_CAP_STREAMING) == 0) {
      throw new UserError(
          "%s (%s): its driver cannot stream to mapped buffers: use another camera"
              .formatted(settings.path(), card));
    }
  }

  private List<Integer> formats(Arena arena) throws SystemCallException {
    List<Integer> formats = new ArrayList<>();
    MemorySegment description = arena.allocate(Videodev2.V4L2_FMTDESC);
    for (int index = 0; index < MOST_FORMATS; index++) {
      description.fill((byte) 0);
      FORMAT_INDEX.set(description, index);
      FORMAT_TYPE.set(description, V4L2_BUF_TYPE_VIDEO_CAPTURE);
      try {
        device.control(VideoRequest.VIDIOC_ENUM_FMT, description);
      } catch (SystemCallException e) {
        if (e.error() == Errno.EINVAL) {
          break; // That was the last.
        }
        throw e;
      }
      formats.add(FORMAT_PIXELS.in(description));
    }
    return formats;
  }

  private PixelFormat choose(List<Integer> offered) {
    // For luma GREY is half as much as YUYV; for colours it has none.
    List<PixelFormat> usable =
        channels == 1 ? List.of(PixelFormat.GREY, PixelFormat.YUYV) : List.of(PixelFormat.YUYV);
    return usable.stream()
        .filter(format -> settings.format().isEmpty() || settings.format().get() == format)
        .filter(format -> offered.contains(format.code()))
        .findFirst()
        .orElseThrow(() -> noFormat(offered, usable));
  }

  private UserError noFormat(List<Integer> offered, List<PixelFormat> usable) {
    String list =
        offered.isEmpty()
            ? "no format"
            : offered.stream().map(PixelFormat::letters).collect(Collectors.joining(", "));
    if (settings.format().isPresent() && !usable.contains(settings.format().get())) {
      return new UserError(
          "%s: option format is grey, the spec has %d channels: give a spec of 1 channel, or format=yuyv"
              .formatted(settings.path(), channels));
    }
    if (channels != 1 && offered.contains(PixelFormat.GREY.code())) {
      return new UserError(
          "%s: has no colours (%s), the spec has %d channels: give a spec of 1 channel"
              .formatted(settings.path(), list, channels));
    }
    return new UserError(
        "%s: offers %s, this driver reads %s (others would have to be decoded to whole frames): use another camera, or csi: for a ribbon cable"
            .formatted(
                settings.path(),
                list,
                settings
                    .format()
                    .map(PixelFormat::name)
                    .orElseGet(() ->
                        usable.stream()
                            .map(PixelFormat::name)
                            .collect(Collectors.joining(" and ")))));
  }

  private VideoMode setFormat(Arena arena, PixelFormat format) throws SystemCallException {
    MemorySegment wanted = arena.allocate(Videodev2.V4L2_FORMAT);
    TYPE.set(wanted, V4L2_BUF_TYPE_VIDEO_CAPTURE);
    WIDTH.set(wanted, settings.width());
    HEIGHT.set(wanted, settings.height());
    PIXELS.set(wanted, format.code());
    FIELD.set(wanted, Videodev2.V4L2_FIELD_NONE);
    device.control(VideoRequest.VIDIOC_S_FMT, wanted);

    if (PIXELS.in(wanted) != format.code()) {
      throw new UserError(
          "%s: was asked for %s and gives %s: give another format or size"
              .formatted(settings.path(), format, PixelFormat.letters(PIXELS.in(wanted))));
    }
    int width = side("width", WIDTH.in(wanted));
    int height = side("height", HEIGHT.in(wanted));
    switch (FIELD.in(wanted)) {
      case Videodev2.V4L2_FIELD_SEQ_TB,
          Videodev2.V4L2_FIELD_SEQ_BT,
          Videodev2.V4L2_FIELD_ALTERNATE ->
          throw new UserError(
              "%s: gives half frames one after the other, which this driver does not join: give another size"
                  .formatted(settings.path()));
      default -> {
        // Whole frames, or one half of them only, which is a frame of its own.
      }
    }
    long line = (long) width * format.bytesPerPixel();
    long stride = Integer.toUnsignedLong(BYTES_PER_LINE.in(wanted));
    long image = Integer.toUnsignedLong(SIZE_IMAGE.in(wanted));
    if (stride < line
        || stride > Integer.MAX_VALUE / height
        || image < stride * (height - 1) + line) {
      throw new UserError(
          "%s: says that %dx%d %s takes %d bytes a line and %d in all, which is not possible: give another size"
              .formatted(settings.path(), width, height, format, stride, image));
    }
    return new VideoMode(format, width, height, (int) stride, setRate(arena));
  }

  private int side(String name, int value) {
    if (value < 1 || value > MOST_SIDE) {
      throw new UserError(
          "%s: gives frames of %s %d: give another size"
              .formatted(settings.path(), name, Integer.toUnsignedLong(value)));
    }
    return value;
  }

  private OptionalDouble setRate(Arena arena) throws SystemCallException {
    MemorySegment rate = arena.allocate(Videodev2.V4L2_STREAMPARM);
    RATE_TYPE.set(rate, V4L2_BUF_TYPE_VIDEO_CAPTURE);
    try {
      if (settings.rate().isPresent()) {
        NUMERATOR.set(rate, RATE_DENOMINATOR);
        DENOMINATOR.set(rate, (int) Math.round(settings.rate().getAsDouble() * RATE_DENOMINATOR));
        device.control(VideoRequest.VIDIOC_S_PARM, rate);
      } else {
        device.control(VideoRequest.VIDIOC_G_PARM, rate);
      }
    } catch (SystemCallException e) {
      // Not every driver has rates.
      if (e.error() == Errno.ENOTTY || e.error() == Errno.EINVAL) {
        return OptionalDouble.empty();
      }
      throw e;
    }
    long numerator = Integer.toUnsignedLong(NUMERATOR.in(rate));
    long denominator = Integer.toUnsignedLong(DENOMINATOR.in(rate));
    boolean told = (RATE_CAPABILITY.in(rate) & Videodev2.V4L2_CAP_TIMEPERFRAME) != 0;
    return told && numerator > 0 && denominator > 0
        ? OptionalDouble.of((double) denominator / numerator)
        : OptionalDouble.empty();
  }
}
