package dev.blindsight.camera.inference;

import dev.blindsight.protocol.UserError;
import org.jspecify.annotations.Nullable;

/**
 * What the process that tried a model says of it, as one line of JSON on its standard output.
 *
 * @param passed whether the model can be used
 * @param fault what has to be changed; absent when the model passed
 * @param reason one line for people; absent when the model passed
 */
record SelfTestVerdict(boolean passed, @Nullable Fault fault, @Nullable String reason) {
  static final SelfTestVerdict PASSED = new SelfTestVerdict(true, null, null);

  /** What has to be changed. */
  enum Fault {
    /** The file. */
    MODEL,
    /** Where it is to run. */
    MACHINE
  }

  SelfTestVerdict {
    if (passed != (fault == null) || passed != (reason == null)) {
      throw new UserError("a verdict has either passed or both fault and reason");
    }
  }

  static SelfTestVerdict refused(Fault fault, String reason) {
    return new SelfTestVerdict(false, fault, reason);
  }
}
