package dev.blindsight.camera.agent;

import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where an agent keeps what must outlive its process. */
final class StateFolder {
  private static final String PRODUCT = "blindsight";

  private StateFolder() {}

  /**
   * The folder of an agent: as configured; else the folder that systemd gives a service
   * (StateDirectory), or the user's folder for state (XDG Base Directory Specification) and the
   * product's name, then site and device.
   *
   * @param configured as the agent's file names it
   * @param environment the variables
   */
  static Path of(
      @Nullable String configured, DeviceAddress device, Map<String, String> environment) {
    if (configured != null) {
      return Path.of(configured);
    }
    String service = environment.get("STATE_DIRECTORY");
    if (service != null && !service.isEmpty()) {
      // Several are separated by colons; any is as good.
      return inside(Path.of(service.split(":", 2)[0]), device);
    }
    String user = environment.get("XDG_STATE_HOME");
    Path home =
        user == null || user.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(user);
    return inside(home.resolve(PRODUCT), device);
  }

  private static Path inside(Path folder, DeviceAddress device) {
    return folder.resolve(device.site()).resolve(device.device());
  }
}
