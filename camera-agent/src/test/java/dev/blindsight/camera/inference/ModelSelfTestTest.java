package dev.blindsight.camera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All processes here are real ones, and so are their signals. */
class ModelSelfTestTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final InferenceSettings SETTINGS = InferenceSettings.standard();

  @TempDir Path directory;

  @Test
  void load_bundledModel_isTriedOnceAndThenRemembered() {
    try (Model model = selfTest(SelfTestChild.class).load(ModelSource.BUNDLED, SETTINGS)) {
      assertThat(model.infer(new byte[model.card().inputLength()]).logits()).hasSize(10);
    }

    // Had it been tried again, it would not have passed.
    try (Model model = selfTest(RaisesIll.class).load(ModelSource.BUNDLED, SETTINGS)) {
      assertThat(model.provider()).isEqualTo(ExecutionProvider.CPU);
    }
    assertThat(directory.resolve("deep/state.json")).content().contains("\"version\":1");
  }

  @Test
  void load_fileOfAnotherContent_isTriedAgain() throws IOException {
    Path file = directory.resolve("m.onnx");
    Files.write(file, LinearModel.grey28("first").bytes());
    selfTest(SelfTestChild.class).load(file.toString(), SETTINGS).close();
    Files.write(file, LinearModel.grey28("second").bytes());

    assertThatThrownBy(() -> selfTest(RaisesIll.class).load(file.toString(), SETTINGS))
        .isInstanceOf(InferenceException.class);
  }

  @Test
  void load_corruptFile_isTheModelsFaultAndNothingIsRemembered() throws IOException {
    Path file = directory.resolve("cut.onnx");
    Files.write(file, Arrays.copyOf(LinearModel.grey28("m").bytes(), 1000));

    assertThatThrownBy(() -> selfTest(SelfTestChild.class).load(file.toString(), SETTINGS))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(file + ": is no whole ONNX model")
        .hasMessageEndingWith("export the model again")
        .message()
        .hasLineCount(1);
    assertThat(directory.resolve("deep")).doesNotExist();
  }

  @Test
  void load_missingFile_saysSoWithoutAProcess() {
    Path file = directory.resolve("none.onnx");

    assertThatThrownBy(() -> selfTest(RaisesIll.class).load(file.toString(), SETTINGS))
        .isInstanceOf(UserError.class)
        .hasMessage(file + ": no readable file: check the path");
  }

  @ParameterizedTest
  @CsvSource({
    "RaisesIll, does not have (SIGILL)",
    "RaisesSegv, ONNX Runtime crashed on it (SIGSEGV)",
    "RaisesBus, ONNX Runtime crashed on it (SIGBUS)",
    "RaisesAbrt, ONNX Runtime crashed on it (SIGABRT)",
    "RaisesKill, most likely for want of memory (SIGKILL)",
    "RaisesTerm, ended from outside while it was tried (SIGTERM)",
  })
  void load_processEndedByASignal_saysWhichAndWhatToDo(String child, String expected) {
    String main = "%s$%s".formatted(ModelSelfTestTest.class.getName(), child);

    assertThatThrownBy(() -> selfTest(main, LONG).load(ModelSource.BUNDLED, SETTINGS))
        .isInstanceOf(InferenceException.class)
        .hasMessageStartingWith("this machine cannot run model bundled: ")
        .hasMessageContaining(expected)
        .message()
        .hasLineCount(1);
    assertThat(directory.resolve("deep")).doesNotExist();
  }

  @Test
  void load_processThatDoesNotEnd_isEnded() {
    assertThatThrownBy(() ->
            selfTest(Waits.class.getName(), Duration.ofSeconds(1))
                .load(ModelSource.BUNDLED, SETTINGS))
        .isInstanceOf(InferenceException.class)
        .hasMessageStartingWith(
            "this machine cannot run model bundled: it did not answer a few readouts within 1 s");
  }

  @Test
  void load_processThatNeverStopsTalking_isNotWaitedForAndNotKeptInMemory() {
    assertThatThrownBy(() -> selfTest(Floods.class).load(ModelSource.BUNDLED, SETTINGS))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("ended with 0, ");
  }

  @Test
  void load_noSuchMainClass_quotesWhatJavaSaysOfIt() {
    assertThatThrownBy(() -> selfTest("none.Such", LONG).load(ModelSource.BUNDLED, SETTINGS))
        .isInstanceOf(InferenceException.class)
        .hasMessageContaining("ended with 1, Error: Could not find or load main class none.Such");
  }

  @Test
  void load_stateFileThatCannotBeWritten_isTriedEachTime() throws IOException {
    Path occupied = Files.writeString(directory.resolve("deep"), "a file, where a directory goes");

    selfTest(SelfTestChild.class).load(ModelSource.BUNDLED, SETTINGS).close();

    assertThat(occupied).isRegularFile();
    assertThatThrownBy(() -> selfTest(RaisesIll.class).load(ModelSource.BUNDLED, SETTINGS))
        .isInstanceOf(InferenceException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{\"version\":2,\"passed\":[]}", "{\"version\":1,\"passed\":[\"x\"]}"})
  void load_damagedStateFile_isTriedAgainAndTheFileMended(String content) throws IOException {
    Path state = directory.resolve("deep/state.json");
    Files.createDirectory(directory.resolve("deep"));
    Files.writeString(state, content);
    Path file = directory.resolve("m.onnx");
    Files.write(file, LinearModel.grey28("m").bytes());

    selfTest(SelfTestChild.class).load(file.toString(), SETTINGS).close();

    selfTest(RaisesIll.class).load(file.toString(), SETTINGS).close();
  }

  private ModelSelfTest selfTest(Class<?> child) {
    return selfTest(child.getName(), LONG);
  }

  private ModelSelfTest selfTest(String child, Duration limit) {
    return new ModelSelfTest(
        new SelfTestRecords(directory.resolve("deep/state.json")), child, limit);
  }

  /** Sends a signal to this process and waits to be ended by it. */
  private static void raise(String signal) throws IOException, InterruptedException {
    long pid = ProcessHandle.current().pid();
    new ProcessBuilder("sh", "-c", "kill -s %s %d".formatted(signal, pid)).start();
    new CountDownLatch(1).await();
  }

  static final class RaisesIll {
    public static void main(String[] arguments) throws Exception {
      raise("ILL");
    }
  }

  static final class RaisesSegv {
    public static void main(String[] arguments) throws Exception {
      raise("SEGV");
    }
  }

  static final class RaisesBus {
    public static void main(String[] arguments) throws Exception {
      raise("BUS");
    }
  }

  static final class RaisesAbrt {
    public static void main(String[] arguments) throws Exception {
      raise("ABRT");
    }
  }

  static final class RaisesKill {
    public static void main(String[] arguments) throws Exception {
      raise("KILL");
    }
  }

  static final class RaisesTerm {
    public static void main(String[] arguments) throws Exception {
      raise("TERM");
    }
  }

  static final class Waits {
    public static void main(String[] arguments) throws InterruptedException {
      new CountDownLatch(1).await();
    }
  }

  static final class Floods {
    public static void main(String[] arguments) {
      for (int i = 0; i < 100_000; i++) {
        System.out.println("talk without a verdict, line " + i);
        System.err.println("more of it, line " + i);
      }
    }
  }
}
