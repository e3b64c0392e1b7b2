package dev.blindsight.camera.dashboard;

import dev.blindsight.camera.agent.AgentListener;
import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.camera.agent.Observation;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest word of every camera, and a place to wait for a newer one.
 *
 * <p>Every change gets the next version number. A reader remembers the version it has seen and asks
 * for what is newer, so a slow reader misses what was overwritten meanwhile and never holds up a
 * camera: a camera only ever replaces a reference. Nothing queues, so memory is bounded by the
 * number of cameras.
 */
final class CameraBoard implements AgentListener, AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition ended = lock.newCondition();
  private final Map<String, Camera> cameras = new LinkedHashMap<>();
  private long version;
  private boolean closed;

  /** What is known of one camera, guarded by the board's lock. */
  private static final class Camera {
    @Nullable CameraLayout layout;
    @Nullable StatusEvent layoutEvent;
    @Nullable StatusEvent stateEvent;
    StatusMessage.@Nullable State state;
    @Nullable StatusEvent answerEvent;
    @Nullable Observation observation;
  }

  /**
   * A camera as the state document tells it.
   *
   * @param state null until its agent has told its state
   * @param layout null until it is introduced or has answered an exposure
   * @param observation null until it has answered an exposure
   */
  record Sight(
      String device,
      StatusMessage.@Nullable State state,
      @Nullable CameraLayout layout,
      @Nullable Observation observation) {}

  /**
   * What a reader has not seen yet.
   *
   * @param version the version it has seen with these events
   * @param events in an order that makes sense to a reader: a camera's layout before its answers
   */
  record News(long version, List<StatusEvent> events) {}

  void introduce(String device, ReadoutSpec spec, GuaranteeLevel guarantee) {
    change(
        device, (camera, next) -> relayout(device, camera, next, CameraLayout.of(spec, guarantee)));
  }

  @Override
  public void observed(Observation observation) {
    change(
        observation.device(),
        (camera, next) -> {
          CameraLayout layout = camera.layout;
          if (layout == null || !layout.fits(observation)) {
            relayout(observation.device(), camera, next, CameraLayout.of(observation));
          }
          long layoutVersion = camera.layoutEvent == null ? next : camera.layoutEvent.version();
          camera.observation = observation;
          camera.answerEvent =
              new StatusEvent(next, () -> StatusMessage.Answer.of(layoutVersion, observation));
        });
  }

  @Override
  public void stateChanged(String device, AgentState state, String detail) {
    StatusMessage.State message = new StatusMessage.State(device, state, detail);
    change(
        device,
        (camera, next) -> {
          camera.state = message;
          camera.stateEvent = new StatusEvent(next, () -> message);
        });
  }

  private static void relayout(String device, Camera camera, long next, CameraLayout layout) {
    camera.layout = layout;
    camera.layoutEvent = new StatusEvent(next, () -> StatusMessage.Layout.of(device, next, layout));
    // An answer read under another mask has no places to be drawn at any more.
    camera.answerEvent = null;
    camera.observation = null;
  }

  private interface Change {
    void apply(Camera camera, long next);
  }

  private void change(String device, Change change) {
    lock.lock();
    try {
      version++;
      change.apply(cameras.computeIfAbsent(device, name -> new Camera()), version);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The cameras there are, in the order they were first heard of. */
  List<Sight> sights() {
    lock.lock();
    try {
      List<Sight> sights = new ArrayList<>();
      cameras.forEach((device, camera) ->
          sights.add(new Sight(device, camera.state, camera.layout, camera.observation)));
      return List.copyOf(sights);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for something newer than a version, then tells all that is newer.
   *
   * @param seen the version the reader has seen; 0 for nothing
   * @param patience how long to wait at most
   * @return no events when the patience ran out or the board was closed first
   */
  News awaitNewer(long seen, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long remaining = patience.toNanos();
      while (version <= seen && !closed && remaining > 0) {
        remaining = changed.awaitNanos(remaining);
      }
      List<StatusEvent> events = new ArrayList<>();
      for (Camera camera : cameras.values()) {
        addNewer(events, camera.stateEvent, seen);
        addNewer(events, camera.layoutEvent, seen);
        addNewer(events, camera.answerEvent, seen);
      }
      return new News(version, events);
    } finally {
      lock.unlock();
    }
  }

  private static void addNewer(List<StatusEvent> events, @Nullable StatusEvent event, long seen) {
    if (event != null && event.version() > seen) {
      events.add(event);
    }
  }

  /**
   * Waits, but no longer than the board is open.
   *
   * @return whether the board is still open
   */
  boolean pause(Duration pause) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long remaining = pause.toNanos();
      while (!closed && remaining > 0) {
        remaining = ended.awaitNanos(remaining);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Lets every waiting reader go. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
