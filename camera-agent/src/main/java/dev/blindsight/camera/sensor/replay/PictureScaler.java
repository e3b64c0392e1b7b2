package dev.blindsight.camera.sensor.replay;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ411P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import dev.blindsight.camera.memory.LockedMemory;
import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.util.Set;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Scales decoded pictures to the spec's geometry and gathers the kept channels from the result,
 * which lies in locked memory and is overwritten at once. Not thread-safe.
 *
 * <p>Scaling is FFmpeg's {@code area}: a value is the mean of the part of the picture that it
 * covers. The whole picture is used; its shape gives way to the geometry's. The result is the same
 * on every processor (bit-exact mode). Rows follow one another from the top, each from the left,
 * pixels as grey or as red, green, blue: channel indices in HWC order count row by row.
 */
final class PictureScaler implements AutoCloseable {
  /** Rows begin at multiples of this, as vector instructions like it. */
  private static final int ALIGNMENT = 64;

  private static final int UNITY = 1 << 16;

  /** Formats of old, which say by their name that values use all of 0..255. */
  private static final Set<Integer> FULL_RANGE =
      Set.of(
          AV_PIX_FMT_YUVJ411P,
          AV_PIX_FMT_YUVJ420P,
          AV_PIX_FMT_YUVJ422P,
          AV_PIX_FMT_YUVJ440P,
          AV_PIX_FMT_YUVJ444P);

  private final SensorGeometry geometry;
  private final int format;
  private final int[] offsets;
  private final LockedMemory scaled;
  private final PointerPointer<BytePointer> targets;
  private final IntPointer strides;
  private @Nullable SwsContext context;
  private Shape shape = new Shape(0, 0, 0, 0, false);

  /** What a scaler depends on. */
  private record Shape(int width, int height, int format, int colours, boolean fullRange) {
    static Shape of(AVFrame picture) {
      return new Shape(
          picture.width(),
          picture.height(),
          picture.format(),
          picture.colorspace(),
          usesFullRange(picture));
    }

    /** Whether values use all of 0..255; coded by brightness and colour they mostly do not. */
    private static boolean usesFullRange(AVFrame picture) {
      if (picture.color_range() != AVCOL_RANGE_UNSPECIFIED) {
        return picture.color_range() == AVCOL_RANGE_JPEG;
      }
      return FULL_RANGE.contains(picture.format())
          || av_pix_fmt_desc_get(picture.format()).nb_components() < 3;
    }
  }

  /**
   * @param spec of 1 or 3 channels
   */
  PictureScaler(ReadoutSpec spec) {
    this.geometry = spec.geometry();
    this.format = geometry.channels() == 1 ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_RGB24;
    int row = geometry.width() * geometry.channels();
    int stride = Math.ceilDiv(row, ALIGNMENT) * ALIGNMENT;
    this.offsets = spec.mask().channels();
    for (int slot = 0; slot < offsets.length; slot++) {
      offsets[slot] = offsets[slot] / row * stride + offsets[slot] % row;
    }
    // The last row may be written to beyond its end.
    this.scaled = LockedMemory.allocate((long) stride * geometry.height() + ALIGNMENT);
    this.targets =
        new PointerPointer<BytePointer>(4)
            .put(0, new BytePointer(scaled.segment().asByteBuffer()))
            .put(1, null)
            .put(2, null)
            .put(3, null);
    this.strides = new IntPointer(stride, 0, 0, 0);
  }

  /** How the memory of scaled pictures is protected. */
  MemoryProtection protection() {
    return scaled.protection();
  }

  /**
   * Takes the readout of a picture and overwrites what was made of it on the way.
   *
   * @throws VideoException when FFmpeg cannot scale such pictures
   */
  Readout take(AVFrame picture, Acquisition acquisition) throws VideoException {
    SwsContext scaler = scaler(picture);
    try {
      int rows =
          sws_scale(
              scaler, picture.data(), picture.linesize(), 0, picture.height(), targets, strides);
      if (rows != geometry.height()) {
        throw new VideoException("a picture could not be scaled");
      }
      return acquisition.take(scaled.segment(), offsets);
    } finally {
      scaled.segment().fill((byte) 0);
    }
  }

  private SwsContext scaler(AVFrame picture) throws VideoException {
    if (context != null && shape.equals(Shape.of(picture))) {
      return context;
    }
    free();
    Shape changed = Shape.of(picture);
    SwsContext made =
        sws_getContext(
            changed.width(),
            changed.height(),
            changed.format(),
            geometry.width(),
            geometry.height(),
            format,
            SWS_AREA | SWS_ACCURATE_RND | SWS_BITEXACT,
            null,
            null,
            (DoublePointer) null);
    if (made == null || made.isNull()) {
      throw new VideoException(
          "pictures of %d x %d cannot be scaled to %d x %d"
              .formatted(changed.width(), changed.height(), geometry.width(), geometry.height()));
    }
    IntPointer coefficients = sws_getCoefficients(changed.colours());
    // Refused for pictures that are not coded by brightness and colour, which need none.
    sws_setColorspaceDetails(
        made, coefficients, changed.fullRange() ? 1 : 0, coefficients, 1, 0, UNITY, UNITY);
    context = made;
    shape = changed;
    return made;
  }

  private void free() {
    if (context != null) {
      sws_freeContext(context);
      context = null;
    }
  }

  @Override
  public void close() {
    free();
    targets.close();
    strides.close();
    scaled.close();
  }
}
