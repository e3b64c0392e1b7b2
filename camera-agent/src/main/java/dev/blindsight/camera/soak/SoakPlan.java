package dev.blindsight.camera.soak;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the cameras' process is told, as JSON.
 *
 * @param folder of the soak: {@value #READOUTS}, the journal, the secrets and the spools
 * @param broker where it is, also while it is gone
 * @param model the model's name
 * @param readout what a camera reads of an exposure
 * @param settings the whole soak's
 */
record SoakPlan(
    String folder,
    BrokerAddress broker,
    String model,
    ReadoutSpecDefinition readout,
    SoakSettings settings) {
  static final String SITE = "soak";
  private static final String READOUTS = "readouts";

  static SoakPlan of(SoakSettings settings, Model model, BrokerAddress broker, Path folder) {
    return new SoakPlan(folder.toString(), broker, model.id(), model.card().readout(), settings);
  }

  static String device(int camera) {
    return "camera-" + camera;
  }

  Path readouts() {
    return Path.of(folder).resolve(READOUTS);
  }

  Path journal() {
    return Path.of(folder).resolve("journal");
  }

  /** The folder of grants, for the workers. */
  Path devices() {
    return Path.of(folder).resolve("devices");
  }

  Path secret(int camera) {
    return Path.of(folder).resolve("secrets").resolve(device(camera));
  }

  Path state(int camera) {
    return Path.of(folder).resolve("state").resolve(device(camera));
  }

  /** From one exposure of a camera to the next; zero, as fast as they are answered. */
  Duration interval() {
    return settings.rate() == null
        ? Duration.ZERO
        : Duration.ofNanos((long) (1e9 * settings.cameras() / settings.rate()));
  }
}
