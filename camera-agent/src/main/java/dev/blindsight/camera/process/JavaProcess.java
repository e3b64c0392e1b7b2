package dev.blindsight.camera.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A Java virtual machine of its own, on this one's class path and with its natives.
 *
 * @param options of the virtual machine, beside those every process of this program needs
 * @param main the class to start
 * @param arguments its arguments
 */
public record JavaProcess(List<String> options, String main, List<String> arguments) {
  private static final String NATIVE_PATH = "onnxruntime.native.path";

  public JavaProcess {
    options = List.copyOf(options);
    arguments = List.copyOf(arguments);
  }

  /** Ready to be started. */
  public ProcessBuilder builder() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    // Netty in the broker uses Unsafe, which since Java 24 warns on standard error.
    command.add("--sun-misc-unsafe-memory-access=allow");
    String natives = System.getProperty(NATIVE_PATH);
    if (natives != null) {
      command.add("-D%s=%s".formatted(NATIVE_PATH, natives));
    }
    command.addAll(options);
    command.add(main);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    // Telemetry of ONNX Runtime crashes on long command lines: the class path stays off it.
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    environment.put("ORT_DISABLE_TELEMETRY", "1");
    // Meant for this process: a debugger's port is taken already, a heap's size is another matter.
    environment
        .keySet()
        .removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    return builder;
  }
}
