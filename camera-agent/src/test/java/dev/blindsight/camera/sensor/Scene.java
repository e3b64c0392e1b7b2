package dev.blindsight.camera.sensor;

/**
 * What a simulated sensor looks at: a value for each place and moment, computed when it is asked
 * for, so that nobody holds a frame.
 */
@FunctionalInterface
public interface Scene {

  /**
   * The light on a channel.
   *
   * @param exposure counts exposures, at least 0
   * @param row 0..height-1
   * @param column 0..width-1
   * @param channel 0..channels-1
   * @return 0..255
   */
  int valueAt(long exposure, int row, int column, int channel);

  /**
   * A textured scene that moves: every value is a hash of where the texture stands at that moment,
   * so that a run of a dozen neighbouring values occurs nowhere else by chance.
   */
  static Scene moving() {
    return moving(0);
  }

  /**
   * The same from a later moment on: what is left in memory of one cannot be taken for the other.
   *
   * @param first the moment of exposure 0
   */
  static Scene moving(long first) {
    return (number, row, column, channel) -> {
      long exposure = first + number;
      long texel = (row + exposure) * 4_294_967_291L + (column + 2 * exposure) * 65_537L + channel;
      long mixed = (texel ^ (texel >>> 29)) * 0xBF58476D1CE4E5B9L;
      mixed = (mixed ^ (mixed >>> 32)) * 0x94D049BB133111EBL;
      return (int) (mixed >>> 56);
    };
  }
}
