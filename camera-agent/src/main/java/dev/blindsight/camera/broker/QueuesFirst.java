package dev.blindsight.camera.broker;

import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.ActiveMQIOErrorException;
import org.apache.activemq.artemis.core.journal.impl.JournalImpl;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerQueuePlugin;

/**
 * Has a durable queue on the disk before anything is put into it.
 *
 * <p>Artemis writes queues and messages to two journals, and acknowledges a message once as many
 * writes are done as were asked for until then, whichever they are. While messages come one upon
 * another, the writes of those behind stand in for the queue of one in front, which is then
 * acknowledged although a process that ends now leaves it without its queue: it is gone. This
 * concerns the first retained message of a topic.
 */
final class QueuesFirst implements ActiveMQServerQueuePlugin {
  private static final long PATIENCE_SECONDS = 10;

  private final ActiveMQServer server;

  QueuesFirst(ActiveMQServer server) {
    this.server = server;
  }

  /**
   * Waits for the journal's own thread, and for no completion, which would want one of the threads
   * that wait here.
   *
   * @throws ActiveMQException when the disk does not answer: the message is not acknowledged
   */
  @Override
  public void afterCreateQueue(Queue queue) throws ActiveMQException {
    if (!queue.isDurable()
        || !(server.getStorageManager().getBindingsJournal() instanceof JournalImpl journal)) {
      return;
    }
    try {
      if (!journal.flushAppendExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new ActiveMQIOErrorException("the disk does not answer");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new ActiveMQIOErrorException("interrupted");
    }
  }
}
