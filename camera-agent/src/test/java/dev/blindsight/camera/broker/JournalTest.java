package dev.blindsight.camera.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.cli.Blindsight;
import dev.blindsight.camera.mqtt.Delivery;
import dev.blindsight.camera.mqtt.OutgoingMessage;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final int SENDERS = 8;
  private static final int MESSAGES = 40;

  @TempDir Path folder;

  /** The broker's command in a process of its own, which can be killed. */
  private record BrokerProcess(Process process, BrokerAddress address) implements AutoCloseable {
    private static final String LISTENING = "broker: listening on ";

    static BrokerProcess start(Path configuration) throws IOException {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Blindsight.class.getName(),
                  "broker",
                  "--config",
                  configuration.toString())
              .redirectErrorStream(true)
              .start();
      StringBuilder log = new StringBuilder();
      BufferedReader lines = process.inputReader();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(LISTENING)) {
          BrokerAddress address = BrokerAddress.parse(line.substring(LISTENING.length()));
          Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
          return new BrokerProcess(process, address);
        }
        log.append(line).append('\n');
      }
      throw new IOException("the broker ended: " + log);
    }

    /** Does not wait. */
    void kill() {
      Process _ = process.destroyForcibly();
    }

    @Override
    public void close() {
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void broker_killedWhileMessagesCome_hasAfterwardsAllThatItAcknowledged() throws Exception {
    Path configuration =
        Files.writeString(
            folder.resolve("broker.yaml"),
            "port: 0\njournal: %s\n".formatted(folder.resolve("journal")));
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<?>> sent = new ArrayList<>();
    List<TestClient> senders = new ArrayList<>();
    try (BrokerProcess broker = BrokerProcess.start(configuration)) {
      for (int i = 0; i < SENDERS; i++) {
        senders.add(TestClient.connected(broker.address()));
      }
      CountDownLatch enough = new CountDownLatch(SENDERS * MESSAGES / 3);
      for (int i = 0; i < SENDERS * MESSAGES; i++) {
        String number = Integer.toString(i);
        OutgoingMessage message =
            OutgoingMessage.of("kept/" + number, number.getBytes(StandardCharsets.UTF_8), true);
        sent.add(
            senders
                .get(i % SENDERS)
                .connection()
                .publish(message)
                .handle((delivery, _) -> {
                  if (delivery == Delivery.ACCEPTED) {
                    acknowledged.add(number);
                    enough.countDown();
                    if (enough.getCount() == 0) {
                      broker.kill();
                    }
                  }
                  return delivery;
                }));
      }
      assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
      CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    } finally {
      senders.forEach(TestClient::close);
    }

    try (BrokerProcess broker = BrokerProcess.start(configuration);
        TestClient receiver = TestClient.connected(broker.address(), "kept/+")) {
      Set<String> missing = new HashSet<>(acknowledged);
      while (!missing.isEmpty()) {
        missing.remove(receiver.awaitText());
      }
    }
  }

  @Test
  void journal_inAFolderThatCannotBe_isToldBeforeAnythingStarts() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() ->
            EmbeddedBroker.start(
                new BrokerSettings(0, null, null, null, file.resolve("journal").toString())))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("journal: ")
        .hasMessageEndingWith("or its owner the right");
  }
}
