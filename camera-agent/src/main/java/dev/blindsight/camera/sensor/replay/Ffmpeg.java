package dev.blindsight.camera.sensor.replay;

import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_HTTP_FORBIDDEN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_HTTP_NOT_FOUND;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_HTTP_UNAUTHORIZED;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_PROTOCOL_NOT_FOUND;
import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import dev.blindsight.protocol.UserError;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;

/** FFmpeg's libraries, loaded once a process, and what their error codes mean. */
final class Ffmpeg {
  private static final int MESSAGE_BYTES = 128;

  private Ffmpeg() {}

  /**
   * Loads the libraries, when they are not loaded yet.
   *
   * @throws UserError when there are none for this platform
   */
  static void load() {
    try {
      Loader.load(avutil.class);
      Loader.load(avcodec.class);
      Loader.load(avformat.class);
      Loader.load(swscale.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new UserError(
          "video: FFmpeg's libraries cannot be loaded (%s): use the distribution for %s"
              .formatted(firstLine(e), Loader.getPlatform()),
          e);
    }
    // Each damaged picture would write several lines to standard error; what matters comes back as
    // an error code.
    av_log_set_level(AV_LOG_QUIET);
  }

  private static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
  }

  /** What an error code says, and how to mend it where that is known. */
  static String explain(int error) {
    if (error == AVERROR_HTTP_UNAUTHORIZED() || error == AVERROR_HTTP_FORBIDDEN()) {
      return "access is refused: check user name and password";
    }
    if (error == AVERROR_HTTP_NOT_FOUND()) {
      return "the server knows no such path: check the address";
    }
    if (error == AVERROR_INVALIDDATA()) {
      return "this is no video, or a damaged one: check it with a player";
    }
    if (error == AVERROR_PROTOCOL_NOT_FOUND()) {
      return "this way of transport is not built in: use rtsp, http, https, udp or tcp";
    }
    if (error == AVERROR_EOF()) {
      return "it ended";
    }
    byte[] message = new byte[MESSAGE_BYTES];
    av_strerror(error, message, message.length);
    int length = 0;
    while (length < message.length && message[length] != 0) {
      length++;
    }
    return new String(message, 0, length, StandardCharsets.UTF_8);
  }
}
