package dev.blindsight.camera.mqtt;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of one Paho client. A client keeps four waiting: to send, to receive, to call back
 * and to keep alive. As virtual threads a thousand clients cost one process little.
 */
final class PahoThreads {
  private static final Logger LOG = LoggerFactory.getLogger(PahoThreads.class);

  /** Those four, and what begins and ends a connection beside them. */
  private static final int MOST = 8;

  private PahoThreads() {}

  static ScheduledExecutorService of(String clientId) {
    ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(
            MOST,
            Thread.ofVirtual()
                .name("mqtt-" + clientId + "-", 0)
                .uncaughtExceptionHandler((thread, e) -> LOG.debug("{}: {}", thread, e.toString()))
                .factory());
    // A ping that is no longer due must not hold its client in memory.
    threads.setRemoveOnCancelPolicy(true);
    return threads;
  }
}
