package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.camera.agent.AgentSettings;
import dev.blindsight.camera.agent.RemoteSettings;
import dev.blindsight.camera.agent.Route;
import dev.blindsight.camera.agent.Sealing;
import dev.blindsight.camera.broker.BrokerSettings;
import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.ProviderChoice;
import dev.blindsight.camera.spool.SpoolOrder;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.camera.spool.SyncPolicy;
import dev.blindsight.camera.worker.WorkerSettings;
import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {
  private static final String AGENT =
      """
      site: home
      device: hall
      broker: mqtt://127.0.0.1:1883
      sensor: {source: "simulated:fashion-mnist-400", interval_millis: 500}
      model: bundled
      """;

  @TempDir Path directory;

  @Test
  void read_agentFile_bindsEveryKey() throws IOException {
    AgentSettings settings =
        agent(
            AGENT
                + """
                route: auto
                remote: {window: 4, margin: 0.25, deadline_millis: 5000, seal: sealed, epoch: 2}
                spool: {max_bytes: 2000000, max_age_seconds: 60, order: newest_first, fsync: always}
                state: /var/lib/hall
                secret: secret.key
                """,
            Map.of());

    assertThat(settings.site()).isEqualTo("home");
    assertThat(settings.sensor().intervalMillis()).isEqualTo(500);
    assertThat(settings.route()).isEqualTo(Route.AUTO);
    assertThat(settings.remote().window()).isEqualTo(4);
    assertThat(settings.remote())
        .isEqualTo(new RemoteSettings(null, null, 5_000, 4, 0.25, Sealing.SEALED, 2));
    assertThat(settings.spool())
        .isEqualTo(
            new SpoolSettings(2_000_000L, 60, SpoolOrder.NEWEST_FIRST, SyncPolicy.ALWAYS, null));
    assertThat(settings.state()).isEqualTo("/var/lib/hall");
    assertThat(settings.readout()).isNull();
  }

  @Test
  void read_agentFileWithoutInferenceKeys_sharesTheMachine() throws IOException {
    assertThat(agent(AGENT, Map.of()).inference())
        .isEqualTo(new InferenceSettings(1, false, ProviderChoice.AUTO));
  }

  @Test
  void read_agentFileOfADedicatedMachine_sharesAnInferenceAmongAllCores() throws IOException {
    int cores = InferenceSettings.threadsOfThisMachine();

    assertThat(agent(AGENT + "dedicated: true\nprovider: cpu\n", Map.of()).inference())
        .isEqualTo(new InferenceSettings(cores, true, ProviderChoice.CPU));
    assertThat(agent(AGENT + "dedicated: true\nthreads_per_inference: 3\n", Map.of()).inference())
        .isEqualTo(new InferenceSettings(3, true, ProviderChoice.AUTO));
  }

  @Test
  void read_threadsPerInferenceOutOfRange_namesFileAndKey() {
    assertThatThrownBy(() -> agent(AGENT + "threads_per_inference: 257\n", Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("threads_per_inference is 257: give 1 to 256");
  }

  @Test
  void read_variablesOfTheEnvironment_takeThePlaceOfKeys() throws IOException {
    AgentSettings settings =
        agent(
            AGENT,
            Map.of(
                "BLINDSIGHT_AGENT_DEVICE", "yard",
                "BLINDSIGHT_AGENT_SENSOR__INTERVAL_MILLIS", "20",
                "BLINDSIGHT_AGENT_REMOTE__WINDOW", "7",
                "BLINDSIGHT_WORKER_NAME", "not ours",
                "PATH", "/bin"));

    assertThat(settings.device()).isEqualTo("yard");
    assertThat(settings.sensor().intervalMillis()).isEqualTo(20);
    assertThat(settings.remote().window()).isEqualTo(7);
  }

  @Test
  void read_unknownVariable_isNamedWithTheNearestKey() {
    assertThatThrownBy(() -> agent(AGENT, Map.of("BLINDSIGHT_AGENT_DEVISE", "yard")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "agent.yaml with BLINDSIGHT_AGENT_DEVISE: devise: unknown key: did you mean device?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "broker: | brokr: | brokr: unknown key: did you mean broker?",
        "source: | sorce: | sensor.sorce: unknown key: did you mean source?",
        "device: hall | device: a/b | device is \"a/b\"",
        "mqtt://127.0.0.1:1883 | http://x | is not an MQTT broker's address",
        "interval_millis: 500 | interval_millis: 0 | interval_millis is 0",
        "model: bundled | route: local | model is missing: give a model file or bundled",
        "model: bundled | route: remote | remote.model is missing",
        "model: bundled | model: bundled\\nremote: {window: 0} | window is 0: give 1 to 1024",
        "model: bundled | model: bundled\\nremote: {resend_millis: 50, deadline_millis: 40} |"
            + " deadline_millis is 40",
        "model: bundled | model: bundled\\nremote: {give_up_millis: 40} |"
            + " give_up_millis: unknown key: did you mean resend_millis?",
        "model: bundled | model: bundled\\nremote: {margin: 1.5} | margin is 1.5: give 0 to 1",
        "model: bundled | model: bundled\\nremote: {epoch: 0} | epoch is 0: give 1 or more",
        "model: bundled | model: bundled\\nroute: auto |"
            + " secret is missing: readouts travel sealed",
        "model: bundled | model: bundled\\nspool: {max_bytes: 1000} | max_bytes is 1000: give",
        "model: bundled | model: bundled\\nspool: {max_age_seconds: 0} | max_age_seconds is 0",
        "model: bundled | model: bundled\\nspool: {fsync_millis: 1} | fsync_millis is 1: give",
        "model: bundled | model: bundled\\nspool: {fsync: never, fsync_millis: 100} |"
            + " fsync_millis is for fsync: interval",
        "model: bundled | model: bundled\\nroute: sideways | expected one of local, remote, auto",
      })
  void read_mistake_isOneLineThatNamesFileAndField(
      String written, String mistaken, String expected) {
    String yaml = AGENT.replace(written, mistaken.replace("\\n", "\n"));

    assertThat(yaml).isNotEqualTo(AGENT);
    assertThatThrownBy(() -> agent(yaml, Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(directory.resolve("agent.yaml") + ": ")
        .hasMessageContaining(expected)
        .message()
        .hasLineCount(1);
  }

  @Test
  void read_workerAndBrokerFiles_takeDefaults() throws IOException {
    Path worker = directory.resolve("worker.yaml");
    Path broker = directory.resolve("broker.yaml");
    Files.writeString(worker, "broker: mqtt://127.0.0.1\nmodels: [bundled]\ndevices: grants\n");
    Files.writeString(broker, "port: 1884\n");

    WorkerSettings settings =
        ConfigurationFile.read(worker, WorkerSettings.class, "BLINDSIGHT_WORKER_", Map.of());

    assertThat(settings.nameOrDefault()).isEqualTo("worker");
    assertThat(settings.threadsOrDefault()).isPositive();
    assertThat(
            ConfigurationFile.read(broker, BrokerSettings.class, "BLINDSIGHT_BROKER_", Map.of())
                .port())
        .isEqualTo(1884);
  }

  private AgentSettings agent(String yaml, Map<String, String> environment) throws IOException {
    Path file = directory.resolve("agent.yaml");
    Files.writeString(file, yaml);
    return ConfigurationFile.read(file, AgentSettings.class, "BLINDSIGHT_AGENT_", environment);
  }
}
