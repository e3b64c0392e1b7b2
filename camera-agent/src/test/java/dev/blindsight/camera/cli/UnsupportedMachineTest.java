package dev.blindsight.camera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person reads where ONNX Runtime cannot run: each case is a process of its own. */
class UnsupportedMachineTest {
  @TempDir Path directory;

  @Test
  void classify_processorWithoutANativeLibrary_isOneLineThatNamesIt()
      throws IOException, InterruptedException {
    assertThat(classify("-Dos.arch=arm"))
        .startsWith(
            "1 blindsight classify: ONNX Runtime does not start on this machine, Linux on arm (")
        .contains("let a worker answer")
        .hasLineCount(1);
  }

  @Test
  void classify_nativeLibraryThatIsNotThere_isOneLine() throws IOException, InterruptedException {
    assertThat(classify("-Donnxruntime.native.path=" + directory))
        .startsWith("1 blindsight classify: ONNX Runtime does not start on this machine, ")
        .contains(directory.toString())
        .hasLineCount(1);
  }

  @Test
  void classify_nativeLibraryThatIsNone_saysSoAtTheEnd() throws IOException, InterruptedException {
    for (String library : List.of("onnxruntime", "onnxruntime4j_jni")) {
      Files.writeString(directory.resolve(System.mapLibraryName(library)), "no library");
    }

    // The Java virtual machine has two lines of its own to say of such a file.
    assertThat(classify("-Donnxruntime.native.path=" + directory).lines())
        .last(InstanceOfAssertFactories.STRING)
        .startsWith("blindsight classify: ONNX Runtime does not start on this machine, ");
  }

  /** The exit code, then standard output and standard error. */
  private String classify(String property) throws IOException, InterruptedException {
    Path readout = Files.write(directory.resolve("r.bin"), new byte[78]);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            property,
            Blindsight.class.getName(),
            "classify",
            "--model",
            "bundled",
            "--readout",
            readout.toString());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + output;
  }
}
