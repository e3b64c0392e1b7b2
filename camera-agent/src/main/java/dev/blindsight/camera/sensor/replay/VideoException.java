package dev.blindsight.camera.sensor.replay;

/**
 * FFmpeg could not open a video, or not read on in it. The message is what went wrong, in a few
 * words.
 */
final class VideoException extends Exception {
  private static final long serialVersionUID = 1L;

  VideoException(String message) {
    super(message);
  }

  /** What went wrong, and how to mend it, in half a line. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
