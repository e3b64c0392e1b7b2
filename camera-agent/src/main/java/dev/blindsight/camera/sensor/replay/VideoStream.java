package dev.blindsight.camera.sensor.replay;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_PROP_INTRA_ONLY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_descriptor_get;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EXIT;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_is_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import java.time.Duration;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecDescriptor;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVBufferRef;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * One open video: demultiplexer and decoder. Decoded pictures stay in FFmpeg's memory; compressed
 * ones are overwritten as soon as the decoder has let go of them. For one thread.
 *
 * <p>The decoder runs without threads of its own: they would hold further pictures, and delay them.
 */
final class VideoStream implements AutoCloseable {
  /** So much damage in a row is no longer a scratch. */
  private static final int MOST_FAULTS_IN_A_ROW = 100;

  private final VideoSource source;
  private final Interruption interruption;
  private final VideoCounters counters;
  private final AVFormatContext format;
  private final AVCodecContext decoder;
  private final AVPacket packet;
  private final int stream;
  private final double secondsPerTick;
  private final double picturesPerSecond;
  private final boolean standAlone;
  private int faultsInARow;
  private boolean over;
  private long lastPicture = System.nanoTime();

  private VideoStream(
      VideoSource source,
      Interruption interruption,
      VideoCounters counters,
      AVFormatContext format,
      AVCodecContext decoder,
      int stream) {
    this.source = source;
    this.interruption = interruption;
    this.counters = counters;
    this.format = format;
    this.decoder = decoder;
    this.stream = stream;
    this.packet = av_packet_alloc();
    AVStream chosen = format.streams(stream);
    this.secondsPerTick = ratio(chosen.time_base());
    this.picturesPerSecond = ratio(chosen.avg_frame_rate());
    this.standAlone = standsAlone(chosen.codecpar().codec_id());
  }

  /** Whether no picture of a coding is made from another. */
  private static boolean standsAlone(int codec) {
    AVCodecDescriptor descriptor = avcodec_descriptor_get(codec);
    return descriptor != null
        && !descriptor.isNull()
        && (descriptor.props() & AV_CODEC_PROP_INTRA_ONLY) != 0;
  }

  /**
   * Opens a video, waiting for the other side where there is one.
   *
   * @throws VideoException when there is none, or it is nothing that can be decoded
   */
  static VideoStream open(VideoSource source, Interruption interruption, VideoCounters counters)
      throws VideoException {
    interruption.expireIn(source.timeout());
    AVFormatContext format = avformat_alloc_context();
    interruption.attach(format);
    AVDictionary options = new AVDictionary(null);
    for (Map.Entry<String, String> option : source.ffmpegOptions().entrySet()) {
      av_dict_set(options, option.getKey(), option.getValue(), 0);
    }
    int opened = avformat_open_input(format, source.url(), null, options);
    av_dict_free(options);
    if (opened < 0) {
      // The context is gone: FFmpeg frees it when it cannot open.
      throw failure(opened, source, interruption);
    }
    try {
      return decode(source, interruption, counters, format);
    } catch (VideoException e) {
      avformat_close_input(format);
      throw e;
    }
  }

  private static VideoStream decode(
      VideoSource source, Interruption interruption, VideoCounters counters, AVFormatContext format)
      throws VideoException {
    int found = avformat_find_stream_info(format, (PointerPointer<?>) null);
    if (found < 0) {
      throw failure(found, source, interruption);
    }
    int stream =
        av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, (PointerPointer<?>) null, 0);
    if (stream < 0) {
      throw interruption.expired() || interruption.stopped()
          ? failure(stream, source, interruption)
          : new VideoException("there are no pictures in it: check it with a player");
    }
    for (int i = 0; i < format.nb_streams(); i++) {
      if (i != stream) {
        format.streams(i).discard(AVDISCARD_ALL);
      }
    }
    AVCodec codec = avcodec_find_decoder(format.streams(stream).codecpar().codec_id());
    if (codec == null || codec.isNull()) {
      throw new VideoException("no decoder for it is built in: convert it, as to H.264 or MJPEG");
    }
    AVCodecContext decoder = avcodec_alloc_context3(codec);
    avcodec_parameters_to_context(decoder, format.streams(stream).codecpar());
    decoder.thread_count(1);
    int opened = avcodec_open2(decoder, codec, (PointerPointer<?>) null);
    if (opened < 0) {
      avcodec_free_context(decoder);
      throw failure(opened, source, interruption);
    }
    return new VideoStream(source, interruption, counters, format, decoder, stream);
  }

  private static double ratio(AVRational rational) {
    return rational.den() == 0 ? 0 : (double) rational.num() / rational.den();
  }

  private static VideoException failure(int error, VideoSource source, Interruption interruption) {
    if (interruption.stopped()) {
      return new VideoException("it was closed");
    }
    // FFmpeg remembers that it was cut off, and may say so only when its buffer is used up: later
    // than the deadline was.
    return new VideoException(
        interruption.expired() || error == AVERROR_EXIT()
            ? "nothing came for %d s: check that it sends, or raise timeout_seconds"
                .formatted(source.timeout().toSeconds())
            : Ffmpeg.explain(error));
  }

  /**
   * Whether the decoder makes no picture from others: they can be overwritten once they are used.
   */
  boolean picturesStandAlone() {
    return standAlone;
  }

  /** Pictures a second as the video tells; 0 when it does not. */
  double picturesPerSecond() {
    return picturesPerSecond;
  }

  /** The time of a picture since the start of the video's clock; empty when it has none. */
  Duration time(AVFrame picture) {
    long ticks = picture.best_effort_timestamp();
    return ticks == AV_NOPTS_VALUE
        ? Duration.ZERO
        : Duration.ofNanos((long) (ticks * secondsPerTick * 1e9));
  }

  /**
   * Decodes the next picture. Damaged ones are counted and passed over.
   *
   * @param picture receives a reference to it; holds none before
   * @return false when the video has ended
   * @throws VideoException when it cannot go on, or finds nothing but damage
   */
  boolean next(AVFrame picture) throws VideoException {
    while (true) {
      int received = avcodec_receive_frame(decoder, picture);
      if (received == 0) {
        overwritePacket();
        if (picture.decode_error_flags() == 0) {
          counters.picture();
          faultsInARow = 0;
          lastPicture = System.nanoTime();
          return true;
        }
        Pictures.overwrite(picture, standAlone);
        fault(AVERROR_INVALIDDATA());
      } else if (received == AVERROR_EOF()) {
        return false;
      } else if (received == AVERROR_EAGAIN()) {
        feed();
      } else {
        fault(received);
      }
    }
  }

  private void feed() throws VideoException {
    overwritePacket();
    interruption.expireIn(source.timeout());
    int read = av_read_frame(format, packet);
    if (read == AVERROR_EOF()) {
      // No more packets: the decoder gives what it still holds.
      avcodec_send_packet(decoder, null);
    } else if (read < 0) {
      over = true;
      throw failure(read, source, interruption);
    } else if (packet.stream_index() == stream) {
      counters.packet(packet.size());
      int sent = avcodec_send_packet(decoder, packet);
      if (sent < 0) {
        fault(sent);
      }
    }
  }

  private void fault(int error) throws VideoException {
    counters.fault();
    faultsInARow++;
    if (source.network()) {
      // A stream that is joined in the middle cannot be decoded until its next whole picture.
      if (System.nanoTime() - lastPicture > 3 * source.timeout().toNanos()) {
        throw new VideoException(
            "no picture could be decoded for %d s: let the sender send key frames more often"
                .formatted(3 * source.timeout().toSeconds()));
      }
    } else if (faultsInARow >= MOST_FAULTS_IN_A_ROW) {
      faultsInARow = 0;
      throw new VideoException(
          "%d damaged pictures in a row (%s)"
              .formatted(MOST_FAULTS_IN_A_ROW, Ffmpeg.explain(error)));
    }
  }

  /** Whether it cannot go on, and has to be opened anew. */
  boolean over() {
    return over;
  }

  private void overwritePacket() {
    AVBufferRef buffer = packet.buf();
    if (buffer != null && !buffer.isNull() && av_buffer_is_writable(buffer) != 0) {
      Pointer.memset(buffer.data(), 0, buffer.size());
    }
    av_packet_unref(packet);
  }

  @Override
  public void close() {
    overwritePacket();
    av_packet_free(packet);
    avcodec_free_context(decoder);
    avformat_close_input(format);
  }
}
