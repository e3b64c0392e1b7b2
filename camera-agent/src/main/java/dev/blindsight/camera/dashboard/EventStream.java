package dev.blindsight.camera.dashboard;

import dev.blindsight.protocol.document.StrictMapper;
import io.javalin.http.sse.SseClient;
import java.time.Duration;
import java.util.List;

/**
 * Tells one browser what is new, on a thread of its own: everything at once when it connects, then
 * every change, a camera at most ten times a second. While a write to a slow browser blocks, nothing
 * collects for it; what follows is the newest.
 */
final class EventStream implements Runnable {
  /** The shortest time between two rounds of news. */
  static final Duration INTERVAL = Duration.ofMillis(100);

  /** The longest silence; the page takes three of these for a lost stream. */
  static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private final CameraBoard board;
  private final SseClient browser;

  private record Cameras(List<String> devices) {}

  EventStream(CameraBoard board, SseClient browser) {
    this.board = board;
    this.browser = browser;
  }

  @Override
  public void run() {
    try (browser) {
      // A page that reconnects to a restarted agent learns which of its cameras are gone.
      send("cameras", new Cameras(board.sights().stream().map(CameraBoard.Sight::device).toList()));
      long seen = 0;
      boolean open = true;
      while (open && !browser.terminated()) {
        CameraBoard.News news = board.awaitNewer(seen, HEARTBEAT);
        if (news.events().isEmpty() && !board.isClosed()) {
          browser.sendEvent("heartbeat", "{}");
        }
        for (StatusEvent event : news.events()) {
          browser.sendEvent(event.name(), event.json());
        }
        seen = news.version();
        open = board.pause(INTERVAL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(String event, Object message) {
    browser.sendEvent(event, StrictMapper.json().write(message));
  }
}
