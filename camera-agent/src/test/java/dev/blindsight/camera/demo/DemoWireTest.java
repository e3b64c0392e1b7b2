package dev.blindsight.camera.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ModelSource;
import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.camera.mqtt.TestClient;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.protocol.message.MalformedMessageException;
import dev.blindsight.protocol.message.SealedBatchCodec;
import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.Readout;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What somebody sees who may read everything the broker carries. */
class DemoWireTest {
  private static final int RUN = 16;
  private static final long READOUTS = 100;

  @Test
  void subscriberToEverything_ofADemo_findsNoSixteenBytesOfAnyReadout() throws Exception {
    List<IncomingMessage> traffic;
    Set<String> clear;
    try (Model model = ModelSource.load(ModelSource.BUNDLED, InferenceSettings.standard())) {
      clear = runsOfEveryReadout(model);
      traffic = capture(model);
    }

    assertThat(traffic).extracting(IncomingMessage::topic).contains("blindsight/demo/yard/readout");
    assertThat(requests(traffic))
        .hasSizeGreaterThanOrEqualTo((int) READOUTS / 2)
        .allSatisfy(envelope -> assertThat(envelope.length).isGreaterThan(78));
    for (IncomingMessage message : traffic) {
      Set<String> seen = runs(message.payload());
      seen.retainAll(clear);
      assertThat(seen).as(message.topic()).isEmpty();
    }
  }

  private static List<byte[]> requests(List<IncomingMessage> traffic)
      throws MalformedMessageException {
    List<byte[]> envelopes = new ArrayList<>();
    for (IncomingMessage message : traffic) {
      if (message.topic().endsWith("/readout")) {
        envelopes.addAll(SealedBatchCodec.payloads(message.contentType(), message.payload()));
      }
    }
    return envelopes;
  }

  private static List<IncomingMessage> capture(Model model) throws Exception {
    List<IncomingMessage> traffic = new ArrayList<>();
    AtomicReference<TestClient> everything = new AtomicReference<>();
    DemoSettings settings = new DemoSettings(DemoSettings.BUNDLED, READOUTS, null);
    new Demo(settings, model)
        .run(
            (broker, _) -> {
              try {
                everything.set(TestClient.connected(broker, "#"));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            new CompletableFuture<>());
    try (TestClient client = everything.get()) {
      // Both cameras say farewell last.
      for (int gone = 0; gone < 2; ) {
        IncomingMessage message = client.awaitMessage();
        traffic.add(message);
        boolean farewell =
            message.topic().endsWith("/status")
                && new String(message.payload(), StandardCharsets.UTF_8).equals("offline");
        gone += farewell ? 1 : 0;
      }
    }
    return traffic;
  }

  /** As the wire would carry them in the clear, and without φ. */
  private static Set<String> runsOfEveryReadout(Model model) {
    ReadoutSpec spec =
        model.spec(name -> {
          throw new IllegalStateException(name);
        });
    BytePermutation toClear = spec.permutation().inverse();
    Set<String> all = new HashSet<>();
    try (ReadoutSensor sensor = ReadoutSensors.open(DemoSettings.BUNDLED, spec, "anybody")) {
      for (int i = 0; i < READOUTS; i++) {
        Optional<Readout> readout = sensor.read();
        byte[] permuted = readout.orElseThrow().toByteArray();
        byte[] values = new byte[permuted.length];
        for (int slot = 0; slot < values.length; slot++) {
          values[slot] = (byte) toClear.apply(Byte.toUnsignedInt(permuted[slot]));
        }
        all.addAll(runs(permuted));
        all.addAll(runs(values));
      }
    }
    return all;
  }

  private static Set<String> runs(byte[] bytes) {
    Set<String> runs = new HashSet<>();
    for (int start = 0; start + RUN <= bytes.length; start++) {
      runs.add(new String(bytes, start, RUN, StandardCharsets.ISO_8859_1));
    }
    return runs;
  }
}
