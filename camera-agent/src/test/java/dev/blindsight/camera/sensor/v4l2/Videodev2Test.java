package dev.blindsight.camera.sensor.v4l2;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.StructLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against what a C compiler says of linux/videodev2.h on x86-64 Linux. */
class Videodev2Test {
  @Test
  void structures_sizes_areTheHeaders() {
    Map<StructLayout, Long> sizes =
        Map.of(
            Videodev2.V4L2_CAPABILITY, 104L,
            Videodev2.V4L2_FMTDESC, 64L,
            Videodev2.V4L2_PIX_FORMAT, 48L,
            Videodev2.V4L2_FORMAT, 208L,
            Videodev2.V4L2_CAPTUREPARM, 40L,
            Videodev2.V4L2_STREAMPARM, 204L,
            Videodev2.V4L2_REQUESTBUFFERS, 20L,
            Videodev2.V4L2_TIMECODE, 16L,
            Videodev2.V4L2_BUFFER, 88L);

    assertThat(sizes).allSatisfy((layout, size) -> assertThat(layout.byteSize()).isEqualTo(size));
  }

  @Test
  void fields_offsets_areTheHeaders() {
    assertThat(offset(Videodev2.V4L2_CAPABILITY, "capabilities")).isEqualTo(84);
    assertThat(offset(Videodev2.V4L2_CAPABILITY, "device_caps")).isEqualTo(88);
    assertThat(offset(Videodev2.V4L2_FMTDESC, "pixelformat")).isEqualTo(44);
    assertThat(offset(Videodev2.V4L2_FORMAT, "fmt", "pix", "width")).isEqualTo(8);
    assertThat(offset(Videodev2.V4L2_FORMAT, "fmt", "pix", "bytesperline")).isEqualTo(24);
    assertThat(offset(Videodev2.V4L2_FORMAT, "fmt", "pix", "xfer_func")).isEqualTo(52);
    assertThat(offset(Videodev2.V4L2_STREAMPARM, "parm", "capture", "timeperframe", "numerator"))
        .isEqualTo(12);
    assertThat(offset(Videodev2.V4L2_STREAMPARM, "parm", "capture", "extendedmode")).isEqualTo(20);
    assertThat(offset(Videodev2.V4L2_REQUESTBUFFERS, "capabilities")).isEqualTo(12);
    assertThat(offset(Videodev2.V4L2_BUFFER, "timestamp", "tv_sec")).isEqualTo(24);
    assertThat(offset(Videodev2.V4L2_BUFFER, "timecode", "type")).isEqualTo(40);
    assertThat(offset(Videodev2.V4L2_BUFFER, "sequence")).isEqualTo(56);
    assertThat(offset(Videodev2.V4L2_BUFFER, "memory")).isEqualTo(60);
    assertThat(offset(Videodev2.V4L2_BUFFER, "m", "offset")).isEqualTo(64);
    assertThat(offset(Videodev2.V4L2_BUFFER, "length")).isEqualTo(72);
    assertThat(offset(Videodev2.V4L2_BUFFER, "request_fd")).isEqualTo(80);
  }

  private static long offset(StructLayout structure, String... path) {
    return Videodev2.Field.of(structure, path).offset();
  }

  @Test
  void requests_numbers_areTheHeaders() {
    assertThat(VideoRequest.VIDIOC_QUERYCAP.number()).isEqualTo(0x80685600L);
    assertThat(VideoRequest.VIDIOC_ENUM_FMT.number()).isEqualTo(0xC0405602L);
    assertThat(VideoRequest.VIDIOC_S_FMT.number()).isEqualTo(0xC0D05605L);
    assertThat(VideoRequest.VIDIOC_REQBUFS.number()).isEqualTo(0xC0145608L);
    assertThat(VideoRequest.VIDIOC_QUERYBUF.number()).isEqualTo(0xC0585609L);
    assertThat(VideoRequest.VIDIOC_QBUF.number()).isEqualTo(0xC058560FL);
    assertThat(VideoRequest.VIDIOC_DQBUF.number()).isEqualTo(0xC0585611L);
    assertThat(VideoRequest.VIDIOC_STREAMON.number()).isEqualTo(0x40045612L);
    assertThat(VideoRequest.VIDIOC_STREAMOFF.number()).isEqualTo(0x40045613L);
    assertThat(VideoRequest.VIDIOC_G_PARM.number()).isEqualTo(0xC0CC5615L);
    assertThat(VideoRequest.VIDIOC_S_PARM.number()).isEqualTo(0xC0CC5616L);
  }

  @Test
  void formats_codes_areTheHeaders() {
    assertThat(PixelFormat.YUYV.code()).isEqualTo(0x56595559);
    assertThat(PixelFormat.GREY.code()).isEqualTo(0x59455247);
    assertThat(PixelFormat.letters(0x47504A4D)).isEqualTo("MJPG");
  }
}
