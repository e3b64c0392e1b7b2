package dev.blindsight.camera.worker;

import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The latest replies by request, so that a repeated request costs no second inference and gets the
 * same answer. Bounded; the oldest go first, and a request that comes again after that is answered
 * anew. A reply takes about a kilobyte, whatever the model: its labels are the model card's own
 * strings. Thread-safe.
 */
final class ReplyMemory {
  private final Map<Key, CompletableFuture<ClassificationReply>> replies;

  /** A request id means something only together with its device: nobody answers for another. */
  private record Key(DeviceAddress address, String requestId) {}

  /**
   * @param capacity how many replies are kept, at least 1
   */
  ReplyMemory(int capacity) {
    this.replies =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(
              Map.Entry<Key, CompletableFuture<ClassificationReply>> eldest) {
            return size() > capacity;
          }
        };
  }

  /**
   * Looks for a reply, or takes it on to make one.
   *
   * @param own what the caller will complete if nobody has taken this request on
   * @return the earlier caller's reply, finished or not; null when {@code own} now stands for the
   *     request
   */
  synchronized @Nullable CompletableFuture<ClassificationReply> putIfAbsent(
      DeviceAddress address, String requestId, CompletableFuture<ClassificationReply> own) {
    return replies.putIfAbsent(new Key(address, requestId), own);
  }

  /** Forgets a request whose outcome may be another next time. */
  synchronized void forget(DeviceAddress address, String requestId) {
    replies.remove(new Key(address, requestId));
  }
}
