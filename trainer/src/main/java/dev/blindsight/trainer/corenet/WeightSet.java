package dev.blindsight.trainer.corenet;

/** Which weights of a full training checkpoint are meant. */
public enum WeightSet {
  /** Those the optimiser changed last. */
  MODEL("model_state_dict"),
  /** Their exponential moving average. */
  EMA("ema_state_dict");

  private final String key;

  WeightSet(String key) {
    this.key = key;
  }

  /** The key of these weights in a full training checkpoint. */
  String key() {
    return key;
  }
}
