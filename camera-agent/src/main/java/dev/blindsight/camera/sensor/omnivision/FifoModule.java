package dev.blindsight.camera.sensor.omnivision;

import dev.blindsight.camera.sensor.SensorException;
import java.util.function.BooleanSupplier;

/**
 * A camera module that takes one frame at a time into a FIFO, as its driver sees it. All but {@link
 * #stopWaiting} is called by one thread at a time.
 */
public interface FifoModule extends PixelReader.ByteReader, AutoCloseable {
  /** What to call it in messages. */
  String name();

  /** How its frames are laid out. */
  FrameWindow window();

  /** How its pixels are. */
  PixelFormat format();

  /**
   * Checks that the module is what it should be, and writes all its registers.
   *
   * @throws SensorException when it is not, or does not answer
   */
  void setUp();

  /**
   * Lets the sensor write one frame into the FIFO.
   *
   * @param stopped whether to give up waiting
   * @throws SensorException when none comes
   */
  void capture(BooleanSupplier stopped);

  /** Goes to the frame's first byte, from which on bytes are read. */
  void begin();

  /** Ends reading, and overwrites what of the frame is held here. */
  void rest();

  /**
   * Checks after a frame's last byte that the module is still there.
   *
   * @throws SensorException when it is not
   */
  void requireSound();

  /** How many bytes the FIFO was made to give or drop so far. */
  long clocked();

  /** Transfers on its buses that failed so far. */
  long faults();

  /** Ends all waiting for frames, now and later; from any thread. */
  void stopWaiting();

  /** Gives its buses and pins back. */
  @Override
  void close();
}
