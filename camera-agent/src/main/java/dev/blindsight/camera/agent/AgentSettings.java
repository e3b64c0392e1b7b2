package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.inference.ProviderChoice;
import dev.blindsight.camera.mqtt.Reconnection;
import dev.blindsight.camera.sensor.panel.PanelSettings;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.firmware.profile.SensorProfile;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.ReadoutSpecDefinition;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's configuration file says.
 *
 * @param site where the device is
 * @param device its name, unique within the site
 * @param broker where results and remote readouts go
 * @param tls certificates for a broker with TLS; absent, those that Java trusts
 * @param sensor where exposures come from, and how often
 * @param panel lights and switches around the sensor; absent, none
 * @param gate which exposures are worth an answer; absent, all
 * @param events when answers make events; absent, never
 * @param model a model file on the device, or {@code bundled}; absent, workers answer everything
 * @param provider where the model runs; absent, on the GPU where there is one that works
 * @param threadsPerInference threads that share one inference, 1..256; absent, every core on a
 *     dedicated machine, otherwise 1
 * @param dedicated whether the machine has nothing else to do; absent, it has
 * @param route who answers while the broker is there; absent, the device where it has a model
 * @param remote how workers are asked
 * @param spool how readouts wait for workers
 * @param state the folder of what must outlive the process; absent, one of the service's or the
 *     user's
 * @param readout what is read of each exposure; absent, what the model was trained for
 * @param secret the file with the device's secret; for sealed readouts and keyed specs
 * @param statusPort where the status page is served on the loopback interface, 1..65535; absent,
 *     nowhere
 */
public record AgentSettings(
    String site,
    String device,
    BrokerAddress broker,
    @Nullable TlsSettings tls,
    SensorProfile sensor,
    @Nullable PanelSettings panel,
    @Nullable GateSettings gate,
    @Nullable EventSettings events,
    @Nullable String model,
    @Nullable ProviderChoice provider,
    @Nullable Integer threadsPerInference,
    @Nullable Boolean dedicated,
    @Nullable Route route,
    @Nullable RemoteSettings remote,
    @Nullable SpoolSettings spool,
    @Nullable String state,
    @Nullable ReadoutSpecDefinition readout,
    @Nullable String secret,
    @Nullable Integer statusPort) {

  /**
   * @throws UserError when a name cannot stand in a topic, or there is nobody to answer, or nothing
   *     to seal with
   */
  public AgentSettings {
    new DeviceAddress(site, device);
    inference(threadsPerInference, dedicated, provider);
    if (model == null && route == Route.LOCAL) {
      throw new UserError("model is missing: give a model file or bundled, or set route to remote");
    }
    if (model == null && (remote == null || remote.model() == null)) {
      throw new UserError(
          "remote.model is missing: name the model that workers answer with, or give model");
    }
    if (route(route, model) != Route.LOCAL
        && settings(remote).sealOrDefault() == Sealing.SEALED
        && secret == null) {
      throw new UserError(
          "secret is missing: readouts travel sealed: give the file with the device's secret, which"
              + " `./blindsight provision secret` makes, or set remote.seal to plain");
    }
  }

  /**
   * How the model uses the machine.
   *
   * @throws UserError when the number of threads is out of range
   */
  public InferenceSettings inference() {
    return inference(threadsPerInference, dedicated, provider);
  }

  private static InferenceSettings inference(
      @Nullable Integer threads, @Nullable Boolean dedicated, @Nullable ProviderChoice provider) {
    // A camera has one exposure at a time to answer: on a machine of its own, all cores share it.
    int most = Boolean.TRUE.equals(dedicated) ? InferenceSettings.threadsOfThisMachine() : 1;
    return InferenceSettings.configured(threads == null ? most : threads, dedicated, provider);
  }

  /**
   * Chooses the spec and opens the sensor.
   *
   * @param loaded what {@link #model()} names; absent where it is
   * @param environment tells the folder for state where none is configured
   * @throws UserError when model and readout disagree, the sensor's guarantee is too weak, or the
   *     sensor, the secret or the folder for state cannot be opened
   */
  public AgentSetup assemble(@Nullable Model loaded, Map<String, String> environment) {
    ReadoutSpec spec = spec(loaded);
    DeviceAddress address = new DeviceAddress(site, device);
    Route chosen = route(route, model);
    RemoteChannel channel = chosen == Route.LOCAL ? null : channel(address, environment);
    return new AgentSetup(
        address,
        SensorOpening.open(sensor, panel, spec, device),
        spec,
        loaded,
        chosen,
        settings(remote),
        spool == null ? SpoolSettings.STANDARD : spool,
        channel,
        broker,
        tls,
        Reconnection.standard(),
        Duration.ofMillis(sensor.intervalMillis() == null ? 0 : sensor.intervalMillis()),
        gate,
        events,
        Long.MAX_VALUE);
  }

  /**
   * Chooses the spec and opens the sensor, and nothing else.
   *
   * @param loaded what {@link #model()} names; absent where it is
   * @throws UserError when model and readout disagree, the sensor's guarantee is too weak, or the
   *     sensor or the secret cannot be opened
   */
  public OpenedSensor openSensor(@Nullable Model loaded) {
    ReadoutSpec spec = spec(loaded);
    return new OpenedSensor(SensorOpening.open(sensor, panel, spec, device), spec);
  }

  private RemoteChannel channel(DeviceAddress address, Map<String, String> environment) {
    RemoteSettings asked = settings(remote);
    Path folder = StateFolder.of(state, address, environment);
    if (asked.sealOrDefault() == Sealing.PLAIN || secret == null) {
      return RemoteChannel.plain(folder);
    }
    try (DeviceSecret keys = DeviceSecret.read(Path.of(secret))) {
      return RemoteChannel.sealed(
          keys, address, asked.epochOrDefault(), folder, InstantSource.system());
    }
  }

  private ReadoutSpec spec(@Nullable Model loaded) {
    try (DeviceSecretFile secrets = new DeviceSecretFile(secret == null ? null : Path.of(secret))) {
      if (readout == null && loaded != null) {
        return loaded.spec(secrets);
      }
      if (readout == null) {
        throw new UserError("readout is missing: say what to read of an exposure, or give model");
      }
      ReadoutSpec spec = readout.resolve(secrets);
      if (loaded != null && !loaded.card().spec().equals(spec.id())) {
        throw new UserError(
            "readout is spec %s, model %s was trained for %s: remove readout, or give a model trained for it"
                .formatted(
                    spec.id().abbreviated(), loaded.id(), loaded.card().spec().abbreviated()));
      }
      return spec;
    }
  }

  private static RemoteSettings settings(@Nullable RemoteSettings remote) {
    return remote == null ? RemoteSettings.STANDARD : remote;
  }

  private static Route route(@Nullable Route route, @Nullable String model) {
    if (route != null) {
      return route;
    }
    return model == null ? Route.REMOTE : Route.LOCAL;
  }
}
