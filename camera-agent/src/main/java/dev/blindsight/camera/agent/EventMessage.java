package dev.blindsight.camera.agent;

import dev.blindsight.protocol.document.StrictMapper;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The beginning or the end of an event, as JSON on the device's {@code event} topic. Keys are in
 * snake case.
 *
 * @param event which of the two
 * @param id the same in both messages of an event, unique for the device
 * @param label what was recognised
 * @param beganAt the first exposure of it
 * @param endedAt the first exposure without it; absent at the beginning
 * @param peak its highest probability so far, 0..1
 * @param answers how many classifications it has had so far, at least 1
 */
record EventMessage(
    Kind event,
    String id,
    String label,
    Instant beganAt,
    @Nullable Instant endedAt,
    double peak,
    long answers) {

  /** Written in lower case. */
  enum Kind {
    /** The label has stayed long enough. */
    BEGIN,
    /** It has been away for long enough, or the agent stops. */
    END
  }

  String toJson() {
    return StrictMapper.json().write(this);
  }
}
