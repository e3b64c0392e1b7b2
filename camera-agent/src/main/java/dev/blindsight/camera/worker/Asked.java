package dev.blindsight.camera.worker;

import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.seal.OpenedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request out of its message.
 *
 * @param request what is asked
 * @param opened what its replies are sealed for; absent where the request came in the clear
 */
record Asked(ReadoutRequest request, @Nullable OpenedRequest opened) {
  static Asked plainly(ReadoutRequest request) {
    return new Asked(request, null);
  }

  static Asked sealed(OpenedRequest opened) {
    return new Asked(opened.request(), opened);
  }
}
