package dev.blindsight.trainer.onnx;

import java.util.Map;

/**
 * The scales of what each module is given.
 *
 * @param byModule by the modules' names
 */
record ActivationScales(Map<String, ActivationScale> byModule) {
  ActivationScales {
    byModule = Map.copyOf(byModule);
  }

  /**
   * The scale of a module's input.
   *
   * @throws IllegalArgumentException when it was not observed
   */
  ActivationScale of(String module) {
    ActivationScale scale = byModule.get(module);
    if (scale == null) {
      throw new IllegalArgumentException("no scale for " + module);
    }
    return scale;
  }
}
