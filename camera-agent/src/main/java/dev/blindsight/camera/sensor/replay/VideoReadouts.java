package dev.blindsight.camera.sensor.replay;

import dev.blindsight.camera.memory.MemoryProtection;
import dev.blindsight.camera.sensor.Acquisition;
import dev.blindsight.camera.sensor.SensorTraffic;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Makes readouts of decoded pictures; for one thread. */
final class VideoReadouts implements AutoCloseable {
  static final GuaranteeLevel GUARANTEE = GuaranteeLevel.FRAME_IN_DRIVER;

  private final ReadoutSpec spec;
  private final Acquisition acquisition;
  private final PictureScaler scaler;

  VideoReadouts(ReadoutSpec spec, String device) {
    this.spec = spec;
    this.acquisition = new Acquisition(spec, device, GUARANTEE);
    this.scaler = new PictureScaler(spec);
  }

  SensorGeometry geometry() {
    return spec.geometry();
  }

  MemoryProtection protection() {
    return acquisition.protection().and(scaler.protection());
  }

  SensorTraffic traffic(VideoCounters counters) {
    return counters.traffic(acquisition.taken(), spec.geometry().elements());
  }

  long taken() {
    return acquisition.taken();
  }

  /**
   * Takes the readout of a picture, and overwrites the picture whatever happens.
   *
   * @param picture holds no reference afterwards
   * @param standsAlone whether the decoder makes no other picture from it
   */
  Readout take(AVFrame picture, boolean standsAlone) throws VideoException {
    try {
      return scaler.take(picture, acquisition);
    } finally {
      Pictures.overwrite(picture, standsAlone);
    }
  }

  @Override
  public void close() {
    scaler.close();
    acquisition.close();
  }
}
