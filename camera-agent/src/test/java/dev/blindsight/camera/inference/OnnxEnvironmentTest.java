package dev.blindsight.camera.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class OnnxEnvironmentTest {
  /** Loads a model in a process of its own, which would crash if telemetry were on. */
  static final class Child {
    public static void main(String[] arguments) {
      try (Model model = LinearModel.grey28("child").load()) {
        System.out.println(model.infer(new byte[78]).logits().length);
      }
    }
  }

  @Test
  void get_longCommandLine_doesNotCrash() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dlong=" + "x".repeat(8000),
                Child.class.getName()));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().remove("ORT_DISABLE_TELEMETRY");
    Process process = builder.redirectErrorStream(true).start();

    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).endsWith("10\n");
  }
}
