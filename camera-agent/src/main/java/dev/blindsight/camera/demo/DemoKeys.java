package dev.blindsight.camera.demo;

import dev.blindsight.camera.agent.RemoteChannel;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.DeviceGrant.EpochKeys;
import dev.blindsight.protocol.seal.DeviceKeys;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A secret for each camera, made anew for every demo, and what the worker gets of them. */
final class DemoKeys implements DeviceKeys, AutoCloseable {
  private static final int EPOCH = 1;

  private final Map<DeviceAddress, Keys> keys;

  private record Keys(DeviceSecret secret, DeviceGrant grant) {
    static Keys of(DeviceAddress device) {
      byte[] random = new byte[DeviceSecret.BYTES];
      new SecureRandom().nextBytes(random);
      DeviceSecret secret = DeviceSecret.of(random);
      EpochKeys epoch = EpochKeys.derive(secret, device, EPOCH);
      return new Keys(secret, DeviceGrant.of(device, List.of(epoch), List.of()));
    }
  }

  DemoKeys(Collection<DeviceAddress> devices) {
    this.keys = devices.stream().collect(Collectors.toMap(Function.identity(), Keys::of));
  }

  /** The camera's end. */
  RemoteChannel channel(DeviceAddress device, Path folder) {
    Keys own = keys.get(device);
    if (own == null) {
      throw new IllegalArgumentException(device + " has no keys");
    }
    return RemoteChannel.sealed(own.secret(), device, EPOCH, folder, Clock.systemUTC());
  }

  @Override
  public Optional<DeviceGrant> find(DeviceAddress device) {
    return Optional.ofNullable(keys.get(device)).map(Keys::grant);
  }

  @Override
  public void close() {
    for (Keys each : keys.values()) {
      each.secret().close();
      each.grant().close();
    }
  }
}
