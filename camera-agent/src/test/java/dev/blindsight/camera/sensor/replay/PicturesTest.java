package dev.blindsight.camera.sensor.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_create;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_buffer_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import dev.blindsight.camera.sensor.SensorSource;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avutil.AVBufferRef;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.Free_Pointer_BytePointer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicturesTest {
  private static final int SIZE = 64 * 48;

  /** Memory that is let go of stays as it is, for the test to look at. */
  private static final Free_Pointer_BytePointer KEEP = new Keep();

  @TempDir Path folder;

  private static final class Keep extends Free_Pointer_BytePointer {
    @Override
    public void call(Pointer opaque, BytePointer data) {
      // Kept.
    }
  }

  @BeforeAll
  static void load() {
    Ffmpeg.load();
  }

  @Test
  void overwrite_pictureNobodyElseHolds_leavesZeros() {
    try (BytePointer memory = grey()) {
      AVFrame picture = picture(memory);

      Pictures.overwrite(picture, false);

      for (int i = 0; i < SIZE; i++) {
        assertThat(memory.get(i)).isZero();
      }
      assertThat(picture.buf(0)).isNull();
      av_frame_free(picture);
    }
  }

  @Test
  void overwrite_pictureTheDecoderStillNeeds_letsGoOfItOnly() {
    try (BytePointer memory = grey()) {
      AVFrame picture = picture(memory);
      AVBufferRef decoders = av_buffer_ref(picture.buf(0));

      Pictures.overwrite(picture, false);

      assertThat(memory.get(SIZE - 1)).isEqualTo((byte) 77);
      assertThat(picture.buf(0)).isNull();
      av_buffer_unref(decoders);
      av_frame_free(picture);
    }
  }

  private static BytePointer grey() {
    BytePointer memory = new BytePointer(SIZE);
    Pointer.memset(memory, 77, SIZE);
    return memory;
  }

  private static AVFrame picture(BytePointer memory) {
    AVFrame picture = av_frame_alloc();
    picture.format(AV_PIX_FMT_GRAY8).width(64).height(48);
    picture.buf(0, av_buffer_create(memory, SIZE, KEEP, null, 0));
    picture.data(0, memory).linesize(0, 64);
    return picture;
  }

  @ParameterizedTest
  @CsvSource({"mjpeg, true", "rawvideo, true", "mpeg4, false"})
  void next_anyCoding_saysWhetherPicturesCanBeOverwritten(String coding, boolean standAlone)
      throws VideoException {
    Path video = folder.resolve("a.avi");
    FfmpegProgram.installed()
        .run(
            "-f",
            "lavfi",
            "-i",
            "color=white:size=64x48:rate=25",
            "-frames:v",
            "5",
            "-c:v",
            coding,
            video.toString());
    AVFrame picture = av_frame_alloc();

    try (Interruption interruption = new Interruption();
        VideoStream stream =
            VideoStream.open(
                VideoSource.of(SensorSource.parse(video.toString())),
                interruption,
                new VideoCounters())) {
      assertThat(stream.picturesStandAlone()).isEqualTo(standAlone);
      for (int i = 0; i < 5; i++) {
        assertThat(stream.next(picture)).isTrue();
        // Untouched by the overwriting of the one before.
        assertThat(Byte.toUnsignedInt(picture.data(0).get(0))).isGreaterThan(200);
        AVBufferRef kept = av_buffer_ref(picture.buf(0));
        Pictures.overwrite(picture, stream.picturesStandAlone());
        if (standAlone) {
          assertThat(kept.data().get(kept.size() / 2)).isZero();
        }
        av_buffer_unref(kept);
      }
      assertThat(stream.next(picture)).isFalse();
    } finally {
      av_frame_free(picture);
    }
  }
}
