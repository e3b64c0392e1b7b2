package dev.blindsight.camera.dashboard;

import dev.blindsight.protocol.document.StrictMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/**
 * Tells one browser what is new, as server-sent events (WHATWG HTML, section 9.2): everything at
 * once when it connects, then every change, a camera at most ten times a second. While a write to a
 * slow browser blocks, nothing collects for it; what follows is the newest.
 */
final class EventStream {
  /** The shortest time between two rounds of news. */
  private static final Duration INTERVAL = Duration.ofMillis(100);

  /** The longest silence; the page takes three of these for a lost stream. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private final CameraBoard board;
  private final OutputStream browser;

  private record Cameras(List<String> devices) {}

  EventStream(CameraBoard board, OutputStream browser) {
    this.board = board;
    this.browser = browser;
  }

  /**
   * Runs until the board is closed.
   *
   * @throws IOException when the browser has gone
   */
  void run() throws IOException, InterruptedException {
    // A page that reconnects to a restarted agent learns which of its cameras are gone.
    List<String> devices = board.sights().stream().map(CameraBoard.Sight::device).toList();
    send("cameras", StrictMapper.json().write(new Cameras(devices)));
    browser.flush();
    long seen = 0;
    do {
      CameraBoard.News news = board.awaitNewer(seen, HEARTBEAT);
      if (news.events().isEmpty()) {
        send("heartbeat", "{}");
      }
      for (StatusEvent event : news.events()) {
        send(event.name(), event.json());
      }
      browser.flush();
      seen = news.version();
    } while (board.pause(INTERVAL));
  }

  private void send(String event, String json) throws IOException {
    browser.write(
        "event: %s\ndata: %s\n\n".formatted(event, json).getBytes(StandardCharsets.UTF_8));
  }
}
