package dev.blindsight.camera.sensor.replay;

import dev.blindsight.camera.sensor.SensorTraffic;
import java.util.concurrent.atomic.AtomicLong;

/** What came from a source, through however many connections. */
final class VideoCounters {
  private final AtomicLong pictures = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong faults = new AtomicLong();

  void picture() {
    pictures.incrementAndGet();
  }

  void packet(int size) {
    bytes.addAndGet(size);
  }

  void fault() {
    faults.incrementAndGet();
  }

  /**
   * @param exposures readouts taken
   * @param channels of one picture
   */
  SensorTraffic traffic(long exposures, int channels) {
    return new SensorTraffic(exposures, pictures.get() * channels, bytes.get(), faults.get());
  }
}
