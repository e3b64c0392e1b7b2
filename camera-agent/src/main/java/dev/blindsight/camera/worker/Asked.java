package dev.blindsight.camera.worker;

import dev.blindsight.camera.mqtt.IncomingMessage;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.seal.OpenedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request and the message it came by, which every transmission has anew.
 *
 * @param message acknowledged once the reply is out
 * @param request what is asked
 * @param opened what its replies are sealed for; absent where the request came in the clear
 */
record Asked(IncomingMessage message, ReadoutRequest request, @Nullable OpenedRequest opened) {
  static Asked plainly(IncomingMessage message, ReadoutRequest request) {
    return new Asked(message, request, null);
  }

  static Asked sealed(IncomingMessage message, OpenedRequest opened) {
    return new Asked(message, opened.request(), opened);
  }
}
