package dev.blindsight.camera.dashboard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a stream of server-sent events, one at a time, when asked. */
final class EventReader implements AutoCloseable {
  private final BufferedReader lines;

  record Event(String name, JsonNode data) {
    boolean is(String name, String device) {
      return this.name.equals(name) && data.path("device").asString("").equals(device);
    }

    long sequence() {
      return data.path("sequence").asLong(-1);
    }
  }

  private EventReader(BufferedReader lines) {
    this.lines = lines;
  }

  static EventReader open(HttpClient client, URI page) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(page.resolve("/events"))
            .header("Accept", "text/event-stream")
            .build();
    return new EventReader(
        new BufferedReader(
            new InputStreamReader(
                client.send(request, BodyHandlers.ofInputStream()).body(),
                StandardCharsets.UTF_8)));
  }

  /** The next event; empty at the end of the stream, whether it was closed or broke off. */
  Optional<Event> next() {
    try {
      return read();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<Event> read() throws IOException {
    String name = "message";
    StringBuilder data = new StringBuilder();
    String line = lines.readLine();
    while (line != null && !(line.isEmpty() && !data.isEmpty())) {
      if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("data: ")) {
        data.append(line.substring("data: ".length()));
      }
      line = lines.readLine();
    }
    return line == null
        ? Optional.empty()
        : Optional.of(new Event(name, JsonMapper.shared().readTree(data.toString())));
  }

  /** Reads on until an event is as wanted. */
  Event await(Predicate<Event> wanted) {
    while (true) {
      Event event = next().orElseThrow(() -> new AssertionError("the stream has ended"));
      if (wanted.test(event)) {
        return event;
      }
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
