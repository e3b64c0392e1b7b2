package dev.blindsight.camera.sensor.board;

import com.pi4j.io.spi.SpiBase;
import com.pi4j.io.spi.SpiConfig;
import com.pi4j.io.spi.SpiProvider;
import org.jspecify.annotations.Nullable;

/** Transfers with one simulated chip; each lowers and raises its chip select, as spidev does. */
final class SimulatedSpi extends SpiBase {
  private final SimulatedSpiChip chip;

  SimulatedSpi(SpiProvider provider, SpiConfig config, SimulatedSpiChip chip) {
    super(provider, config);
    this.chip = chip;
  }

  @Override
  public int transfer(byte[] write, int writeOffset, byte[] read, int readOffset, int length) {
    return exchange(write, writeOffset, read, readOffset, length);
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) == 1 ? Byte.toUnsignedInt(one[0]) : -1;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    return exchange(null, 0, buffer, offset, length);
  }

  @Override
  public int write(byte value) {
    return write(new byte[] {value}, 0, 1);
  }

  @Override
  public int write(byte[] data, int offset, int length) {
    return exchange(data, offset, null, 0, length);
  }

  private int exchange(
      byte @Nullable [] sent,
      int sentOffset,
      byte @Nullable [] received,
      int receivedOffset,
      int length) {
    if (chip.fails()) {
      return -1;
    }
    chip.select();
    for (int i = 0; i < length; i++) {
      int answer = chip.exchange(sent == null ? 0 : Byte.toUnsignedInt(sent[sentOffset + i]));
      if (received != null) {
        received[receivedOffset + i] = (byte) answer;
      }
    }
    chip.deselect();
    return length;
  }
}
