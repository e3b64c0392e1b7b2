package dev.blindsight.camera.dashboard;

import dev.blindsight.camera.agent.AgentListener;
import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.camera.agent.Observation;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status page of the cameras on this device, live, at {@code http://127.0.0.1:PORT/}.
 *
 * <p>It listens to any number of agents and never holds one up: a browser that reads slowly misses
 * what came between and gets the newest. Only loopback is listened on and only local host names are
 * answered, because the page shows kept values in the clear.
 *
 * <pre>
 * GET /           the page
 * GET /events     server-sent events: first the newest of every camera, then every change
 * GET /api/state  the same as one JSON document, without the values
 * GET /healthz    {"status":"ok","cameras":N} while the page is served
 * </pre>
 */
public final class StatusPage implements AgentListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusPage.class);

  private static final String LOOPBACK = "127.0.0.1";
  private static final int HIGHEST_PORT = 65_535;

  /** Browser tabs that may watch at the same time. */
  static final int MOST_BROWSERS = 32;

  /** How long a browser is waited for when the page closes. */
  private static final Duration FAREWELL = Duration.ofSeconds(3);

  private static final Map<String, String> SECURITY_HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
              + " connect-src 'self'; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), microphone=(), geolocation=()",
          "Cache-Control",
          "no-store");

  private final CameraBoard board = new CameraBoard();
  private final Semaphore room = new Semaphore(MOST_BROWSERS);
  private final Javalin server;

  private record Health(String status, int cameras) {}

  private StatusPage(int port) {
    List<PageResource> resources = PageResource.all();
    server = Javalin.create(config -> configure(config, port, resources));
  }

  /**
   * Serves the page until it is closed.
   *
   * @param port 1 to 65535, or 0 for any free port
   * @throws UserError when the port is out of range or cannot be listened on
   */
  public static StatusPage start(int port) {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new UserError(
          "port is %d: give a port from 1 to %d, or 0 for any free one"
              .formatted(port, HIGHEST_PORT));
    }
    StatusPage page = new StatusPage(port);
    try {
      page.server.start();
      return page;
    } catch (JavalinBindException e) {
      page.close();
      throw new UserError(
          "port %d on %s cannot be listened on: stop the program that uses it, or choose another"
                  .formatted(port, LOOPBACK)
              + " with --port",
          e);
    }
  }

  /** The port the page is served on. */
  public int port() {
    return server.port();
  }

  /** The page's address. */
  public URI address() {
    return URI.create("http://%s:%d/".formatted(LOOPBACK, port()));
  }

  /**
   * Tells what a camera reads before its first exposure: its places and spec id are shown from then
   * on. A camera that is not introduced is known by its exposures, without a spec id.
   */
  public void introduce(String device, ReadoutSpec spec, GuaranteeLevel guarantee) {
    board.introduce(device, spec, guarantee);
  }

  @Override
  public void observed(Observation observation) {
    board.observed(observation);
  }

  @Override
  public void stateChanged(String device, AgentState state, String detail) {
    board.stateChanged(device, state, detail);
  }

  /** Lets the browsers go and frees the port. */
  @Override
  public void close() {
    board.close();
    awaitStreams();
    // Jetty's selector can wait for ever for a write that it would have to finish itself, when a
    // connection is closed in the middle of one: nobody waits for it longer than this.
    Thread stopping = Thread.ofPlatform().daemon().name("status-page-stop").start(server::stop);
    try {
      if (!stopping.join(FAREWELL)) {
        LOG.warn("the status page does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the streams end between two writes, which is when their connections close in order. */
  private void awaitStreams() {
    try {
      if (!room.tryAcquire(MOST_BROWSERS, FAREWELL.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("a browser does not read its stream");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void configure(JavalinConfig config, int port, List<PageResource> resources) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    // Every open page holds a thread for as long as it watches.
    config.concurrency.useVirtualThreads = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.host = LOOPBACK;
    config.jetty.port = port;
    config.routes.before(StatusPage::guard);
    for (PageResource resource : resources) {
      config.routes.get(
          resource.path(),
          context -> context.contentType(resource.contentType()).result(resource.content()));
    }
    config.routes.get("/api/state", context -> json(context, StateDocument.of(board.sights())));
    config.routes.get(
        "/healthz", context -> json(context, new Health("ok", board.sights().size())));
    config.routes.get("/events", this::watch);
  }

  private static void guard(Context context) {
    SECURITY_HEADERS.forEach(context::header);
    String host = context.header("Host");
    if (!LocalNames.contain(host == null ? "" : host)) {
      context
          .status(HttpStatus.MISDIRECTED_REQUEST)
          .contentType("text/plain; charset=utf-8")
          .result("This page answers to %s and localhost only.".formatted(LOOPBACK))
          .skipRemainingHandlers();
    }
  }

  private static void json(Context context, Object document) {
    context.contentType("application/json").result(StrictMapper.json().write(document));
  }

  private void watch(Context context) {
    if (!room.tryAcquire()) {
      context
          .status(HttpStatus.SERVICE_UNAVAILABLE)
          .header("Retry-After", "5")
          .contentType("text/plain; charset=utf-8")
          .result("%d pages are open already: close one.".formatted(MOST_BROWSERS));
      return;
    }
    try {
      context.contentType("text/event-stream");
      new EventStream(board, context.res().getOutputStream()).run();
    } catch (IOException e) {
      // The browser has gone, which is how it ends its stream.
    } catch (InterruptedException e) {
      // The server stops.
      Thread.currentThread().interrupt();
    } finally {
      room.release();
    }
  }
}
