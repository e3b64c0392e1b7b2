package dev.blindsight.camera.soak;

import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.DeviceGrant.EpochKeys;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/** A fresh secret for every camera, and the workers' grants. */
final class SoakKeys {
  static final int EPOCH = 1;

  private SoakKeys() {}

  static void write(SoakPlan plan) throws IOException {
    SecureRandom random = new SecureRandom();
    byte[] bytes = new byte[DeviceSecret.BYTES];
    Path grants = Files.createDirectories(plan.devices().resolve(SoakPlan.SITE));
    Files.createDirectories(plan.secret(0).getParent());
    for (int camera = 0; camera < plan.settings().cameras(); camera++) {
      random.nextBytes(bytes);
      AtomicFile.write(plan.secret(camera), bytes);
      DeviceAddress address = new DeviceAddress(SoakPlan.SITE, SoakPlan.device(camera));
      try (DeviceSecret secret = DeviceSecret.of(bytes);
          DeviceGrant grant =
              DeviceGrant.of(
                  address, List.of(EpochKeys.derive(secret, address, EPOCH)), List.of())) {
        AtomicFile.write(
            grants.resolve(address.device() + ".json"),
            StrictMapper.json().write(grant).getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
