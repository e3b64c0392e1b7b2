package dev.blindsight.camera.mqtt;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Lets no more messages be on their way than the broker's receive maximum (MQTT 5 section 3.3.4)
 * and keeps a bounded number of others waiting. Thread-safe; sends outside its lock.
 */
final class InFlightWindow {
  private final int size;
  private final int mostWaiting;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int onTheirWay;

  /**
   * @param size how many may be on their way, at least 1
   * @param mostWaiting how many may wait, at least 0
   */
  InFlightWindow(int size, int mostWaiting) {
    this.size = size;
    this.mostWaiting = mostWaiting;
  }

  /**
   * Sends a message now or as soon as there is room.
   *
   * @return false when too many wait already; then the message is not sent
   */
  boolean send(Runnable message) {
    synchronized (this) {
      if (waiting.size() >= mostWaiting + (onTheirWay < size ? 1 : 0)) {
        return false;
      }
      waiting.add(message);
    }
    sendWaiting();
    return true;
  }

  /** A message has arrived or failed: there is room for the next. */
  void release() {
    synchronized (this) {
      onTheirWay--;
    }
    sendWaiting();
  }

  private void sendWaiting() {
    for (Runnable message = next(); message != null; message = next()) {
      message.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    if (onTheirWay >= size || waiting.isEmpty()) {
      return null;
    }
    onTheirWay++;
    return waiting.remove();
  }
}
