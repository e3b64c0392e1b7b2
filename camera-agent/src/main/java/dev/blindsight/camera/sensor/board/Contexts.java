package dev.blindsight.camera.sensor.board;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.provider.Provider;
import dev.blindsight.protocol.UserError;
import java.util.function.Supplier;

/** Pi4J contexts with exactly the providers that are needed, and no hook in the shutdown. */
final class Contexts {
  private Contexts() {}

  /**
   * @param purpose what the context is for, as it begins the message of an error
   * @param providers made only here, for their native libraries may be missing
   * @throws UserError one line, when Pi4J cannot work on this machine
   */
  static Context of(String purpose, Supplier<Provider<?, ?, ?>[]> providers) {
    try {
      return Pi4J.newContextBuilder()
          .noAutoDetect()
          .noAutoInject()
          .disableShutdownHook()
          .add(providers.get())
          .build();
    } catch (RuntimeException | LinkageError e) {
      throw new UserError(
          "%s: Pi4J does not work on this machine (%s): use a Raspberry Pi with a 32 or 64 bit ARM system"
              .formatted(purpose, reason(e)),
          e);
    }
  }

  /** The innermost message of a failure, in one line. */
  static String reason(Throwable failure) {
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    return message == null
        ? innermost.getClass().getSimpleName()
        : message.lines().findFirst().orElse(innermost.getClass().getSimpleName());
  }
}
