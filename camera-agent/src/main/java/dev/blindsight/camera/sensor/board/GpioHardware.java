package dev.blindsight.camera.sensor.board;

import com.pi4j.context.Context;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalInputProvider;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalOutputProvider;
import com.pi4j.provider.Provider;
import org.jspecify.annotations.Nullable;

/**
 * The process's one context of the GPIO chip. The gpiod library keeps its chip and all lines in one
 * place for the whole process, and closes them with the first context that ends; therefore everyone
 * shares this one, and the last to leave shuts it down.
 */
final class GpioHardware {
  private static @Nullable Context shared;
  private static int users;

  private GpioHardware() {}

  /** The context; each call is answered by one of {@link #release}. */
  static synchronized Context acquire() {
    Context context = shared;
    if (context == null) {
      context = Contexts.of("GPIO", GpioHardware::providers);
      shared = context;
    }
    users++;
    return context;
  }

  static synchronized void release() {
    users--;
    Context context = shared;
    if (users == 0 && context != null) {
      shared = null;
      context.shutdown();
    }
  }

  private static Provider<?, ?, ?>[] providers() {
    return new Provider<?, ?, ?>[] {
      GpioDDigitalInputProvider.newInstance(), GpioDDigitalOutputProvider.newInstance()
    };
  }
}
