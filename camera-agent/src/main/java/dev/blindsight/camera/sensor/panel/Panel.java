package dev.blindsight.camera.sensor.panel;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.PullResistance;
import dev.blindsight.camera.sensor.LabelledSensor;
import dev.blindsight.camera.sensor.Pace;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.SensorException;
import dev.blindsight.camera.sensor.board.InputPin;
import dev.blindsight.camera.sensor.board.OutputPin;
import dev.blindsight.camera.sensor.board.Pins;
import dev.blindsight.protocol.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lights and switches beside one camera. A sensor goes through {@link #around}; from then on the
 * panel is the sensor's, which closes it.
 *
 * <p>Capture is allowed while the shutter is open and the trigger, where there is one, is active or
 * was so within its hold time. The light is on while capture is allowed and the sensor can expose:
 * one that exposes on demand during {@link ReadoutSensor#read()}, one that exposes by itself also
 * between.
 */
public final class Panel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Panel.class);

  private final PanelSettings settings;
  private final Pins pins;
  private final @Nullable OutputPin led;
  private final @Nullable InputPin shutter;
  private final @Nullable InputPin trigger;
  private final List<InputPin.Listening> ears = new ArrayList<>();

  /** Puts the light out when the trigger's hold time ends between two exposures. */
  private final ScheduledThreadPoolExecutor later;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean shut;
  private long closings;
  private boolean triggered = true;
  private long heldUntil;
  private boolean held;
  private boolean exposing;
  private boolean lit;
  private boolean taken;
  private boolean closed;

  private Panel(PanelSettings settings, Pins pins) {
    this.settings = settings;
    this.pins = pins;
    boolean off = !settings.ledOnOrDefault().isHigh();
    this.led = settings.led() == null ? null : pins.output(settings.led(), "LED", off);
    this.shutter = input(settings.shutter(), "shutter", settings.shutterClosedOrDefault());
    this.trigger = trigger(pins, settings);
    this.later =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("panel-", 0).factory());
    if (shutter != null) {
      ears.add(shutter.listen(high -> hear(() -> shutterIs(high))));
    }
    if (trigger != null) {
      triggered = false;
      ears.add(trigger.listen(high -> hear(() -> triggerIs(high))));
    }
    hear(this::look);
  }

  private @Nullable InputPin input(@Nullable Integer line, String purpose, PinLevel closedLevel) {
    if (line == null) {
      return null;
    }
    // Pulled to the level at which it is closed: a cut wire closes the shutter.
    PullResistance pull = closedLevel.isHigh() ? PullResistance.PULL_UP : PullResistance.PULL_DOWN;
    return pins.input(line, purpose, pull, Duration.ZERO);
  }

  private static @Nullable InputPin trigger(Pins pins, PanelSettings settings) {
    if (settings.trigger() == null) {
      return null;
    }
    // Pulled away from the level at which it is active: a cut wire triggers nothing.
    PullResistance pull =
        settings.triggerActiveOrDefault().isHigh()
            ? PullResistance.PULL_DOWN
            : PullResistance.PULL_UP;
    return pins.input(settings.trigger(), "trigger", pull, Duration.ZERO);
  }

  /**
   * Opens the panel of this machine.
   *
   * @throws UserError one line, when a pin cannot be opened
   */
  public static Panel open(PanelSettings settings) {
    return on(Pins.open(), settings);
  }

  /**
   * Opens the panel of another context, as a simulated one, which is left as it is.
   *
   * @param context with providers of digital inputs and outputs
   */
  public static Panel on(Context context, PanelSettings settings) {
    return on(Pins.on(context), settings);
  }

  private static Panel on(Pins pins, PanelSettings settings) {
    boolean whole = false;
    try {
      Panel panel = new Panel(settings, pins);
      whole = true;
      return panel;
    } catch (SensorException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    } finally {
      if (!whole) {
        pins.close();
      }
    }
  }

  /**
   * The same sensor, held to what the panel allows; a {@link LabelledSensor} if it is one. Once
   * only: a panel belongs to one camera.
   */
  public ReadoutSensor around(ReadoutSensor sensor) {
    lock.lock();
    try {
      if (taken) {
        throw new IllegalStateException("the panel has its sensor");
      }
      taken = true;
    } finally {
      lock.unlock();
    }
    PanelSensor guarded = new PanelSensor(this, sensor);
    return sensor instanceof LabelledSensor labelled
        ? new LabelledPanelSensor(guarded, labelled)
        : guarded;
  }

  /** Why nothing is captured, as the panel goes; empty while it allows capture. */
  public Optional<String> idle() {
    lock.lock();
    try {
      if (shut) {
        return Optional.of("the shutter is closed");
      }
      return isTriggered() ? Optional.empty() : Optional.of("waiting for the trigger");
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until capture is allowed, and puts the light on.
   *
   * @return empty when the panel has been closed
   */
  Optional<Permit> begin() {
    lock.lock();
    try {
      look();
      boolean waited = false;
      while (!closed && !isAllowed()) {
        waited = true;
        exposing = false;
        show();
        changed.await();
      }
      if (closed) {
        return Optional.empty();
      }
      light();
      return Optional.of(new Permit(closings, waited));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SensorException("interrupted while the panel allows no exposure", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends an exposure.
   *
   * @param pace of the sensor: one that exposes by itself goes on
   * @return whether the shutter was open all the time
   */
  boolean end(Pace pace, Permit permit) {
    lock.lock();
    try {
      look();
      exposing = exposing && pace instanceof Pace.Live;
      show();
      return closings == permit.closings() && !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the sensor has failed, or was closed: it exposes no more. */
  void fail() {
    lock.lock();
    try {
      exposing = false;
      show();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting. The light stays until the sensor is closed, too. */
  void stop() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void hear(Runnable event) {
    lock.lock();
    try {
      event.run();
      changed.signalAll();
      show();
    } catch (SensorException e) {
      LOG.warn("{}", e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  /** Looks at the switches themselves, should an edge have gone unheard. */
  private void look() {
    if (closed) {
      return;
    }
    if (shutter != null) {
      shutterIs(shutter.isHigh());
    }
    if (trigger != null) {
      triggerIs(trigger.isHigh());
    }
  }

  private void shutterIs(boolean high) {
    boolean now = high == settings.shutterClosedOrDefault().isHigh();
    if (now && !shut) {
      closings++;
    }
    shut = now;
  }

  private void triggerIs(boolean high) {
    boolean now = high == settings.triggerActiveOrDefault().isHigh();
    if (triggered && !now && !closed) {
      long hold = TimeUnit.MILLISECONDS.toNanos(settings.triggerHoldMillisOrDefault());
      held = true;
      heldUntil = System.nanoTime() + hold;
      Future<?> _ = later.schedule(() -> hear(() -> {}), hold, TimeUnit.NANOSECONDS);
    }
    triggered = now;
  }

  private boolean isTriggered() {
    return triggered || (held && System.nanoTime() - heldUntil < 0);
  }

  private boolean isAllowed() {
    return !shut && isTriggered();
  }

  /** Puts the light on; if it cannot be lit, the exposure fails before it begins. */
  private void light() {
    exposing = true;
    try {
      show();
    } catch (SensorException e) {
      exposing = false;
      throw e;
    }
  }

  /** Puts the light on or out. */
  private void show() {
    boolean now = exposing && isAllowed();
    if (led != null && now != lit) {
      led.set(now == settings.ledOnOrDefault().isHigh());
    }
    lit = now;
  }

  /** Puts the light out and gives the pins back. A second time it does nothing. */
  @Override
  public void close() {
    stop();
    hear(() -> exposing = false);
    ears.forEach(InputPin.Listening::close);
    later.shutdownNow();
    pins.close();
  }
}
