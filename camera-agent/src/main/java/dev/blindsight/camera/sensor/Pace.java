package dev.blindsight.camera.sensor;

/** Who decides when a sensor takes an exposure, and how often it can. */
public sealed interface Pace {

  /** Each call of {@link ReadoutSensor#read()} takes one: files, simulated chips, single shots. */
  record OnDemand() implements Pace {}

  /**
   * The sensor takes exposures by itself, whether anybody reads them or not: the newest is worth
   * most.
   *
   * @param slowest exposures a second it can be set to at least, greater than 0
   * @param fastest at most
   */
  record Live(double slowest, double fastest) implements Pace {
    public Live {
      if (!(slowest > 0 && slowest <= fastest)) {
        throw new IllegalArgumentException(
            "%s to %s exposures a second".formatted(slowest, fastest));
      }
    }
  }

  /** One exposure for each call. */
  Pace ON_DEMAND = new OnDemand();
}
