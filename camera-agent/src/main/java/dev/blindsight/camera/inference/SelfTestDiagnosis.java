package dev.blindsight.camera.inference;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says for a person why a process that tried a model ended without a verdict.
 *
 * <p>A Java virtual machine catches the signals of a crash, writes a report that begins with the
 * signal's name, and aborts; a process that is ended by a signal otherwise leaves 128 and the
 * signal's number (POSIX.1-2017, 2.8.2 Exit Status for Commands).
 */
final class SelfTestDiagnosis {
  private static final Pattern REPORTED =
      Pattern.compile("^#\\s+(SIG[A-Z]+) \\(0x", Pattern.MULTILINE);
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          132, "SIGILL", 134, "SIGABRT", 135, "SIGBUS", 136, "SIGFPE", 137, "SIGKILL", 139,
          "SIGSEGV", 143, "SIGTERM");

  private SelfTestDiagnosis() {}

  /**
   * @param model names it for people
   * @param process ended without a verdict
   * @param seconds that it was given
   * @return one line: what, why, what to do
   */
  static String of(String model, SelfTestProcess process, long seconds) {
    return "this machine cannot run model %s: %s"
        .formatted(model, process.timedOut() ? late(seconds) : ended(process));
  }

  private static String late(long seconds) {
    return "it did not answer a few readouts within %d s: free the processor, give a smaller model, or let a worker answer"
        .formatted(seconds);
  }

  private static String ended(SelfTestProcess process) {
    if ((process.out() + process.err()).contains("insufficient memory for the Java Runtime")) {
      return "there is too little memory to try it: free some, or let a worker answer";
    }
    String signal = signal(process);
    return switch (signal) {
      case "SIGILL" ->
          "ONNX Runtime uses instructions that this processor, %s, does not have (SIGILL): install a version of ONNX Runtime built for it, or let a worker answer"
              .formatted(ProcessorIdentity.ofThisMachine().name());
      case "SIGKILL" ->
          "it was killed while it was tried, most likely for want of memory (SIGKILL): free some,"
              + " give a smaller or int8 model, or let a worker answer";
      case "SIGTERM" -> "it was ended from outside while it was tried (SIGTERM): start again";
      case "" ->
          "the process that tried it ended with %d%s: install the program again"
              .formatted(process.exitCode(), firstLine(process.err()));
      default ->
          "ONNX Runtime crashed on it (%s): export the model again, with --graph naive if it stays so, or let a worker answer"
              .formatted(signal);
    };
  }

  private static String signal(SelfTestProcess process) {
    for (String text : new String[] {process.out(), process.err()}) {
      Matcher report = REPORTED.matcher(text);
      if (report.find()) {
        return report.group(1);
      }
    }
    return SIGNALS.getOrDefault(process.exitCode(), "");
  }

  private static String firstLine(String text) {
    return text.lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .map(line -> ", " + line)
        .orElse("");
  }
}
