package dev.blindsight.camera.inference;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The process that tries a model: loads it, answers a few readouts twice each, prints a {@link
 * SelfTestVerdict}. Whatever kills it has not killed the agent.
 */
final class SelfTestChild {
  private static final long SEED = 20;

  private SelfTestChild() {}

  /** The arguments by which a process is told what to try. */
  static List<String> arguments(String source, InferenceSettings settings) {
    return List.of(
        source,
        Integer.toString(settings.threadsPerInference()),
        Boolean.toString(settings.dedicated()),
        settings.provider().name());
  }

  public static void main(String[] arguments) {
    sacrifice();
    InferenceSettings settings =
        new InferenceSettings(
            Integer.parseInt(arguments[1]),
            Boolean.parseBoolean(arguments[2]),
            ProviderChoice.valueOf(arguments[3]));
    System.out.println(StrictMapper.json().write(verdict(arguments[0], settings)));
  }

  private static SelfTestVerdict verdict(String source, InferenceSettings settings) {
    try (Model model = ModelSource.load(source, settings)) {
      for (byte[] values : readouts(model.card().inputLength())) {
        if (!Arrays.equals(model.infer(values).logits(), model.infer(values).logits())) {
          return SelfTestVerdict.refused(
              SelfTestVerdict.Fault.MACHINE,
              "model %s gives one readout two answers on this machine: run it on another, or with another provider"
                  .formatted(model.id()));
        }
      }
      return SelfTestVerdict.PASSED;
    } catch (UserError e) {
      return SelfTestVerdict.refused(SelfTestVerdict.Fault.MODEL, e.getMessage());
    } catch (InferenceException e) {
      return SelfTestVerdict.refused(SelfTestVerdict.Fault.MACHINE, e.getMessage());
    } catch (OutOfMemoryError e) {
      return SelfTestVerdict.refused(
          SelfTestVerdict.Fault.MACHINE,
          "%s: too little memory for this model: free some, or give a smaller model"
              .formatted(source));
    }
  }

  /** The lowest values, the highest, all of them in turn, and a mixture. */
  private static List<byte[]> readouts(int length) {
    byte[] lowest = new byte[length];
    byte[] highest = new byte[length];
    Arrays.fill(highest, (byte) 255);
    byte[] inTurn = new byte[length];
    for (int i = 0; i < length; i++) {
      inTurn[i] = (byte) i;
    }
    byte[] mixture = new byte[length];
    new SplittableRandom(SEED).nextBytes(mixture);
    return List.of(lowest, highest, inTurn, mixture);
  }

  /** When memory runs out, Linux is to end this process and none that does its work. */
  private static void sacrifice() {
    try {
      Files.writeString(Path.of("/proc/self/oom_score_adj"), "1000");
    } catch (IOException _) {
      // Not Linux, or not allowed: then the kernel chooses, most likely this process all the same.
    }
  }
}
