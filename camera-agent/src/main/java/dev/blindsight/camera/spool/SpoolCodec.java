package dev.blindsight.camera.spool;

import java.io.IOException;

/** How contents look on the disk: two functions that undo each other. Called on one thread. */
public interface SpoolCodec {
  /** Contents as they are. */
  SpoolCodec PLAIN =
      new SpoolCodec() {
        @Override
        public byte[] seal(byte[] content) {
          return content.clone();
        }

        @Override
        public byte[] open(byte[] sealed) {
          return sealed;
        }
      };

  /**
   * A content as it is written.
   *
   * @param content stays the caller's, and is overwritten by it
   * @throws IOException when it cannot be sealed now; the entry is refused
   */
  byte[] seal(byte[] content) throws IOException;

  /**
   * A content as it was given.
   *
   * @throws IOException when it is not as it was written; the entry is lost
   */
  byte[] open(byte[] sealed) throws IOException;
}
