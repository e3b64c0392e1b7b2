package dev.blindsight.camera.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.camera.agent.Observation;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.message.ResultMessage.Source;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page's server as a program sees it. */
@Timeout(60)
class StatusPageTest {
  private StatusPage page;
  private HttpClient client;

  @BeforeEach
  void start() {
    page = StatusPage.start(0);
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    client.shutdownNow();
    page.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(page.address().resolve(path)).build(), BodyHandlers.ofString());
  }

  private JsonNode json(String path) throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    return JsonMapper.shared().readTree(response.body());
  }

  private EventReader events() throws IOException, InterruptedException {
    return EventReader.open(client, page.address());
  }

  /** Sends a request with any Host header, which the JDK's client does not allow. */
  private String statusLine(String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), page.port())) {
      String request =
          "GET /api/state HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      return answer.readLine();
    }
  }

  @Test
  void start_portInUse_saysWhichPortAndWhatToDo() throws IOException {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> StatusPage.start(holder.getLocalPort()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(Integer.toString(holder.getLocalPort()))
          .hasMessageContaining("choose another with --port")
          .hasMessageNotContaining("\n");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void start_portOutOfRange_saysTheRange(int port) {
    assertThatThrownBy(() -> StatusPage.start(port))
        .isInstanceOf(UserError.class)
        .hasMessage("port is %d: give a port from 1 to 65535, or 0 for any free one", port);
  }

  @Test
  void close_portIsFreeAgain() {
    int port = page.port();
    page.close();

    page = StatusPage.start(port);

    assertThat(page.port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost:8080", "LOCALHOST", "[::1]:8080", "[::1]"})
  void request_localHost_isAnswered(String host) throws IOException {
    assertThat(statusLine(host)).isEqualTo("HTTP/1.1 200 OK");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8080",
        "192.168.1.4",
        "[::2]",
        "0.0.0.0"
      })
  void request_otherHost_isRefused(String host) throws IOException {
    assertThat(statusLine(host)).startsWith("HTTP/1.1 421");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/page.css",
        "/page.js",
        "/camera.js",
        "/pixels.js",
        "/icon.svg",
        "/api/state",
        "/healthz",
        "/nothing-here"
      })
  void request_anyPath_carriesSecurityHeaders(String path)
      throws IOException, InterruptedException {
    HttpResponse<String> response = get(path);

    assertThat(response.statusCode()).isEqualTo(path.equals("/nothing-here") ? 404 : 200);
    assertThat(response.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
        .doesNotContain("unsafe");
    assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(response.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(response.headers().firstValue("Cross-Origin-Resource-Policy"))
        .hasValue("same-origin");
    assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void healthz_pageServed_isOk() throws IOException, InterruptedException {
    page.stateChanged("hall", AgentState.STARTING, "");

    assertThat(json("/healthz"))
        .isEqualTo(JsonMapper.shared().readTree("{\"status\":\"ok\",\"cameras\":1}"));
  }

  @Test
  void state_noCamera_isEmpty() throws IOException, InterruptedException {
    assertThat(get("/api/state").body()).isEqualTo("{\"cameras\":[]}");
  }

  @Test
  void state_cameraBeforeFirstExposure_hasNoAnswer() throws IOException, InterruptedException {
    page.stateChanged("hall", AgentState.STARTING, "waiting for the broker");

    JsonNode camera = json("/api/state").path("cameras").path(0);

    assertThat(camera.path("device").asString()).isEqualTo("hall");
    assertThat(camera.path("state").asString()).isEqualTo("starting");
    assertThat(camera.path("detail").asString()).isEqualTo("waiting for the broker");
    assertThat(camera.has("sensor")).isFalse();
    assertThat(camera.has("answer")).isFalse();
  }

  @Test
  void state_cameraAnswering_tellsTheNewestAnswerWithoutValues()
      throws IOException, InterruptedException {
    page.introduce("hall", Exposures.SPEC, GuaranteeLevel.ADDRESSED);
    page.observed(Exposures.of("hall").correct(1).taken(1));
    page.observed(
        Exposures.of("hall")
            .route(Source.REMOTE)
            .latency(Duration.ofMillis(12))
            .correct(3)
            .taken(4));

    JsonNode camera = json("/api/state").path("cameras").path(0);

    assertThat(camera.path("sensor").path("elements").asInt()).isEqualTo(784);
    assertThat(camera.path("sensor").path("kept").asInt()).isEqualTo(78);
    assertThat(camera.path("sensor").path("guarantee").asString()).isEqualTo("addressed");
    assertThat(camera.path("sensor").path("spec").asString()).isEqualTo(Exposures.SPEC.id().hex());
    JsonNode answer = camera.path("answer");
    assertThat(answer.path("sequence").asLong()).isEqualTo(4);
    assertThat(answer.path("label").asString()).isEqualTo("Ankle boot");
    assertThat(answer.path("probability").asDouble()).isEqualTo(0.71);
    assertThat(answer.path("route").asString()).isEqualTo("remote");
    assertThat(answer.path("latency_ms").asDouble()).isEqualTo(12.0);
    assertThat(answer.path("accuracy").asDouble()).isEqualTo(0.75);
    assertThat(answer.has("kept")).isFalse();
    assertThat(answer.has("wire")).isFalse();
  }

  @Test
  void state_trueLabelNotKnown_hasNoAccuracy() throws IOException, InterruptedException {
    page.observed(Exposures.of("hall").expected(null).correct(0).taken(7));

    JsonNode answer = json("/api/state").path("cameras").path(0).path("answer");

    assertThat(answer.has("expected")).isFalse();
    assertThat(answer.has("accuracy")).isFalse();
    assertThat(answer.path("answered").asLong()).isEqualTo(7);
  }

  @Test
  void state_readoutChanges_forgetsTheSpecItWasIntroducedWith()
      throws IOException, InterruptedException {
    ReadoutSpec half = ReadoutSpec.corenet(new SensorGeometry(28, 28, 1), 0.5, true);
    page.introduce("hall", Exposures.SPEC, GuaranteeLevel.ADDRESSED);
    page.observed(Exposures.of("hall").spec(half).taken(1));

    JsonNode sensor = json("/api/state").path("cameras").path(0).path("sensor");

    assertThat(sensor.path("kept").asInt()).isEqualTo(392);
    assertThat(sensor.has("spec")).isFalse();
  }

  @Test
  void events_onConnect_tellTheNewestOfEveryCamera() throws IOException, InterruptedException {
    page.introduce("hall", Exposures.SPEC, GuaranteeLevel.ADDRESSED);
    page.stateChanged("hall", AgentState.RUNNING, "");
    page.observed(Exposures.of("hall").taken(1));
    page.observed(Exposures.of("hall").taken(2));
    page.stateChanged("yard", AgentState.DEGRADED, "broker gone");

    try (EventReader events = events()) {
      EventReader.Event first = events.next().orElseThrow();
      EventReader.Event running = events.next().orElseThrow();
      EventReader.Event layout = events.next().orElseThrow();
      EventReader.Event answer = events.next().orElseThrow();
      EventReader.Event degraded = events.next().orElseThrow();

      assertThat(first.name()).isEqualTo("cameras");
      assertThat(first.data().path("devices").valueStream().map(JsonNode::asString))
          .containsExactly("hall", "yard");
      assertThat(running.is("state", "hall")).isTrue();
      assertThat(layout.is("layout", "hall")).isTrue();
      assertThat(answer.is("answer", "hall")).isTrue();
      assertThat(answer.sequence()).isEqualTo(2);
      assertThat(degraded.is("state", "yard")).isTrue();
      assertThat(degraded.data().path("detail").asString()).isEqualTo("broker gone");
    }
  }

  @Test
  void events_layoutAndAnswer_carryPlacesKeptValuesAndWireBytes()
      throws IOException, InterruptedException {
    Observation observation = Exposures.of("hall").taken(1);
    page.observed(observation);

    try (EventReader events = events()) {
      JsonNode layout = events.await(event -> event.name().equals("layout")).data();
      JsonNode answer = events.await(event -> event.name().equals("answer")).data();

      byte[] places = Base64.getDecoder().decode(layout.path("places").asString());
      int[] channels = new int[places.length / Integer.BYTES];
      ByteBuffer.wrap(places).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(channels);
      assertThat(channels).isEqualTo(Exposures.SPEC.mask().channels());
      assertThat(Base64.getDecoder().decode(answer.path("kept").asString()))
          .isEqualTo(observation.kept());
      assertThat(Base64.getDecoder().decode(answer.path("wire").asString()))
          .isEqualTo(observation.wire());
      assertThat(answer.path("layout")).isEqualTo(layout.path("layout"));
      assertThat(answer.path("labels").size()).isEqualTo(5);
    }
  }

  @Test
  void events_whileConnected_tellEveryCamerasChanges() throws IOException, InterruptedException {
    try (EventReader events = events()) {
      assertThat(events.next().orElseThrow().name()).isEqualTo("cameras");

      page.observed(Exposures.of("hall").taken(1));
      events.await(event -> event.is("answer", "hall") && event.sequence() == 1);
      page.observed(Exposures.of("yard").taken(8));
      events.await(event -> event.is("answer", "yard") && event.sequence() == 8);
      page.stateChanged("hall", AgentState.STOPPED, "");
      EventReader.Event stopped = events.await(event -> event.is("state", "hall"));

      assertThat(stopped.data().path("state").asString()).isEqualTo("stopped");
    }
  }

  @Test
  void events_manyObservations_areConflatedToTheNewest() throws IOException, InterruptedException {
    int observations = 20_000;
    try (EventReader events = events()) {
      for (int sequence = 1; sequence <= observations; sequence++) {
        page.observed(Exposures.of("hall").taken(sequence));
      }
      List<Long> seen = new ArrayList<>();
      events.await(event -> {
        if (event.name().equals("answer")) {
          seen.add(event.sequence());
        }
        return event.sequence() == observations;
      });

      assertThat(seen).isSorted().hasSizeLessThan(observations / 2);
    }
  }

  @Test
  void events_browserThatNeverReads_holdsUpNobody() throws IOException, InterruptedException {
    ReadoutSpec large = ReadoutSpec.corenet(new SensorGeometry(224, 224, 3), 1.0, true);
    Observation first = Exposures.of("hall").spec(large).taken(1);
    try (Socket stalled = new Socket(InetAddress.getLoopbackAddress(), page.port());
        EventReader reading = events()) {
      String request =
          "GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";
      stalled.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertThat(stalled.getInputStream().read()).isEqualTo('H');

      // Each answer is larger than what the stalled browser's socket can buffer for long.
      for (int sequence = 1; sequence <= 30; sequence++) {
        page.observed(withSequence(first, sequence));
        long awaited = sequence;
        reading.await(event -> event.sequence() == awaited);
      }
    }
  }

  private static Observation withSequence(Observation observation, long sequence) {
    return new Observation(
        observation.device(),
        observation.capturedAt(),
        sequence,
        observation.geometry(),
        observation.mask(),
        observation.guarantee(),
        observation.kept(),
        observation.wire(),
        observation.classification(),
        observation.source(),
        observation.fallback(),
        observation.latency(),
        observation.expected(),
        sequence,
        observation.correct());
  }

  @Test
  void events_tooManyBrowsers_areToldToComeBack() throws IOException, InterruptedException {
    List<EventReader> open = new ArrayList<>();
    for (int browser = 0; browser < StatusPage.MOST_BROWSERS; browser++) {
      EventReader events = events();
      assertThat(events.next().map(EventReader.Event::name)).hasValue("cameras");
      open.add(events);
    }

    HttpRequest oneMore =
        HttpRequest.newBuilder(page.address().resolve("/events"))
            .header("Accept", "text/event-stream")
            .build();
    HttpResponse<String> refused = client.send(oneMore, BodyHandlers.ofString());

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).isPresent();
    for (EventReader events : open) {
      events.close();
    }
  }

  @Test
  void events_browsersLeave_makeRoomForOthers() throws IOException, InterruptedException {
    for (int browser = 0; browser < StatusPage.MOST_BROWSERS; browser++) {
      EventReader events = events();
      assertThat(events.next().map(EventReader.Event::name)).hasValue("cameras");
      events.close();
    }

    // That a browser has gone shows when it is next written to.
    Optional<EventReader.Event> first = Optional.empty();
    for (int sequence = 1; first.isEmpty(); sequence++) {
      page.observed(Exposures.of("hall").taken(sequence));
      try (EventReader events = events()) {
        first = events.next();
      }
    }

    assertThat(first.map(EventReader.Event::name)).hasValue("cameras");
  }

  @Test
  void close_browserConnected_endsItsStream() throws IOException, InterruptedException {
    try (EventReader events = events()) {
      assertThat(events.next().orElseThrow().name()).isEqualTo("cameras");

      page.close();

      Optional<EventReader.Event> last = events.next();
      while (last.isPresent()) {
        last = events.next();
      }
      assertThat(last).isEmpty();
    }
  }
}
