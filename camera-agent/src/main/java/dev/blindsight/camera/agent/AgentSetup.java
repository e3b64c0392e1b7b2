package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.Reconnection;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an agent works with.
 *
 * @param address whose agent it is
 * @param sensor opened with {@code spec}; closed by the agent
 * @param spec what is read of each exposure
 * @param model answers on the device; shared with others, closed by nobody here; absent, workers
 *     answer everything
 * @param route who answers while the broker is there
 * @param remote how workers are asked
 * @param spool how readouts wait for workers
 * @param channel how they travel; closed by the agent; absent where the route is local
 * @param broker where results and remote readouts go
 * @param tls certificates for a broker with TLS; absent, those that Java trusts
 * @param reconnection the pauses between attempts to reach a lost broker
 * @param interval from one exposure to the next; zero, as fast as they are answered
 * @param gate which exposures are worth an answer; absent, all
 * @param events when answers make events; absent, never
 * @param exposures after which the agent stops; {@link Long#MAX_VALUE}, when the source ends
 */
public record AgentSetup(
    DeviceAddress address,
    ReadoutSensor sensor,
    ReadoutSpec spec,
    @Nullable Model model,
    Route route,
    RemoteSettings remote,
    SpoolSettings spool,
    @Nullable RemoteChannel channel,
    BrokerAddress broker,
    @Nullable TlsSettings tls,
    Reconnection reconnection,
    Duration interval,
    @Nullable GateSettings gate,
    @Nullable EventSettings events,
    long exposures) {

  public AgentSetup {
    if (route == Route.LOCAL && model == null) {
      throw new IllegalArgumentException("the local route needs a model");
    }
    if (model == null && remote.model() == null) {
      throw new IllegalArgumentException("workers need the name of a model");
    }
    if (route != Route.LOCAL && channel == null) {
      throw new IllegalArgumentException("workers are asked over a channel");
    }
  }

  /** The model by whose name workers are asked. */
  String remoteModelId() {
    return remote.model() != null ? remote.model() : local().id();
  }

  /** The model on the device. */
  Model local() {
    if (model == null) {
      throw new IllegalStateException("there is no model on the device");
    }
    return model;
  }
}
