package dev.blindsight.firmware.profile;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * One device as its maker decides it, in a YAML file: who it is, what it reads out, who answers and
 * through which broker. Keys are the component names in snake case; docs/configuration.md lists
 * them.
 *
 * @param version of this format, {@value #VERSION}
 * @param site where the device is
 * @param device its name, unique within the site
 * @param sensor where exposures come from
 * @param readout what is kept of each exposure
 * @param routing who answers
 * @param model path of the model file on the device; absent when workers answer everything
 * @param broker where results and remote readouts go
 */
public record DeviceProfile(
    int version,
    String site,
    String device,
    SensorProfile sensor,
    ReadoutSpecDefinition readout,
    Routing routing,
    @Nullable String model,
    BrokerAddress broker) {
  /** The format this class reads. */
  public static final int VERSION = 1;

  private static final int LONGEST_PATH = 4096;
  private static final StrictMapper YAML = StrictMapper.over(YAMLMapper.builder());

  /**
   * @throws UserError when a name cannot stand in a topic, or the model is missing where the device
   *     answers itself or given where it does not
   */
  public DeviceProfile {
    if (version != VERSION) {
      throw new UserError("version is %d: write version: %d".formatted(version, VERSION));
    }
    new DeviceAddress(site, device);
    if (routing.mode().usesModel()) {
      if (model == null) {
        throw new UserError(
            "model is missing: give the path of the model file, or set routing.mode to remote");
      }
      Texts.requireLine("model", model, LONGEST_PATH);
    } else if (model != null) {
      throw new UserError(
          "model has no use with routing.mode remote: remove it, or set routing.mode to local");
    }
  }

  /**
   * Reads a profile from a file.
   *
   * @throws UserError one line that names file, field and remedy, when the file cannot be read or
   *     is not a valid profile
   */
  public static DeviceProfile read(Path file) {
    return YAML.read(file, DeviceProfile.class);
  }

  /**
   * Reads a profile from a text.
   *
   * @param source names the text in errors, as a file name
   * @throws UserError one line that names source, field and remedy, when it is not a valid profile
   */
  public static DeviceProfile parse(String yaml, String source) {
    return YAML.read(yaml, DeviceProfile.class, source);
  }

  /** The two names that every topic of the device carries. */
  public DeviceAddress address() {
    return new DeviceAddress(site, device);
  }
}
