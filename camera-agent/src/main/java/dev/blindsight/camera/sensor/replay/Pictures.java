package dev.blindsight.camera.sensor.replay;

import static org.bytedeco.ffmpeg.global.avutil.av_buffer_is_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import org.bytedeco.ffmpeg.avutil.AVBufferRef;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.Pointer;

/** What is done with decoded pictures when they have been used. */
final class Pictures {
  private Pictures() {}

  /**
   * Overwrites a picture, as far as the decoder does not need it for others, and lets go of it.
   *
   * @param picture holds no reference afterwards
   * @param standsAlone whether the decoder makes no other picture from it, though it may refer to
   *     it
   */
  static void overwrite(AVFrame picture, boolean standsAlone) {
    for (int plane = 0; ; plane++) {
      AVBufferRef buffer = picture.buf(plane);
      if (buffer == null || buffer.isNull()) {
        break;
      }
      if (standsAlone || av_buffer_is_writable(buffer) != 0) {
        Pointer.memset(buffer.data(), 0, buffer.size());
      }
    }
    av_frame_unref(picture);
  }
}
