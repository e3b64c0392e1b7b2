package dev.blindsight.camera.demo;

import dev.blindsight.camera.agent.Agent;
import dev.blindsight.camera.agent.AgentListener;
import dev.blindsight.camera.agent.AgentSetup;
import dev.blindsight.camera.agent.RemoteChannel;
import dev.blindsight.camera.agent.RemoteSettings;
import dev.blindsight.camera.agent.Route;
import dev.blindsight.camera.broker.BrokerSettings;
import dev.blindsight.camera.broker.EmbeddedBroker;
import dev.blindsight.camera.dashboard.StatusPage;
import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.mqtt.Reconnection;
import dev.blindsight.camera.process.ScratchFolder;
import dev.blindsight.camera.sensor.ReadoutSensor;
import dev.blindsight.camera.sensor.ReadoutSensors;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.camera.worker.Admission;
import dev.blindsight.camera.worker.BatchSettings;
import dev.blindsight.camera.worker.Worker;
import dev.blindsight.camera.worker.WorkerSetup;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A site in one process: an embedded broker, a worker, and two cameras that share a source, one
 * that classifies by itself and one that asks the worker by sealed requests.
 */
public final class Demo {
  private static final int FREE_PORT = 0;
  private static final String SITE = "demo";
  private static final List<String> NAMES = List.of("hall", "yard");
  private static final List<Route> ROUTES = List.of(Route.LOCAL, Route.REMOTE);
  private static final Duration WATCHABLE = Duration.ofMillis(500);

  private final DemoSettings settings;
  private final Model model;
  private final ReadoutSpec spec;
  private final Latencies latencies = new Latencies();

  /**
   * @param model answers for both cameras; closed by the caller
   * @throws UserError when the model's readout spec needs a secret
   */
  public Demo(DemoSettings settings, Model model) {
    this.settings = settings;
    this.model = model;
    this.spec =
        model.spec(name -> {
          throw new UserError(
              "the model's readout spec is keyed by secret %s: the demo has none".formatted(name));
        });
  }

  /** Told what a person may want to know when all is up. */
  @FunctionalInterface
  public interface Announcement {
    /**
     * @param broker where the site's broker listens
     * @param page the status page, when there is one
     */
    void running(BrokerAddress broker, @Nullable StatusPage page);
  }

  /**
   * Runs until the source has ended, the readouts are taken, or it is told to stop.
   *
   * @param announcement told once, when all is up
   * @param stop completes when it is to stop
   * @throws UserError when the source cannot be played or a port is in use
   */
  public DemoReport run(Announcement announcement, CompletableFuture<Void> stop) {
    // What a person may have written wrongly comes first.
    List<Camera> cameras = cameras();
    try (ScratchFolder scratch = new ScratchFolder("blindsight-demo");
        DemoKeys keys = new DemoKeys(NAMES.stream().map(Demo::address).toList());
        StatusPage page =
            settings.pagePort() == null ? null : StatusPage.start(settings.pagePort());
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.onLoopback(FREE_PORT));
        Worker worker =
            Worker.start(
                new WorkerSetup(
                    "worker",
                    broker.address(),
                    null,
                    List.of(model),
                    Runtime.getRuntime().availableProcessors(),
                    BatchSettings.STANDARD,
                    Admission.of(keys)))) {
      worker.ready().join();
      announcement.running(broker.address(), page);
      return play(
          cameras,
          camera ->
              setup(
                  camera,
                  broker.address(),
                  keys.channel(address(camera.name()), scratch.path().resolve(camera.name()))),
          page,
          stop);
    }
  }

  /** A camera before there is anything it could be connected to. */
  private record Camera(String name, Route route, ReadoutSensor sensor, long exposures) {}

  private List<Camera> cameras() {
    List<Camera> cameras = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      ReadoutSensor sensor =
          ReadoutSensors.open(
              ReadoutSensors.share(settings.source(), i, NAMES.size()), spec, NAMES.get(i));
      cameras.add(new Camera(NAMES.get(i), ROUTES.get(i), sensor, exposures(i)));
    }
    return cameras;
  }

  private long exposures(int camera) {
    return settings.readouts() == null
        ? Long.MAX_VALUE
        : Math.ceilDiv(settings.readouts() - camera, NAMES.size());
  }

  private DemoReport play(
      List<Camera> cameras,
      Function<Camera, AgentSetup> setups,
      @Nullable StatusPage page,
      CompletableFuture<Void> stop) {
    List<AgentListener> listeners = page == null ? List.of(latencies) : List.of(latencies, page);
    if (page != null) {
      cameras.forEach(camera -> page.introduce(camera.name(), spec, camera.sensor().guarantee()));
    }
    long start = System.nanoTime();
    List<Agent> agents =
        cameras.stream().map(camera -> Agent.start(setups.apply(camera), listeners)).toList();
    CompletableFuture<?> ended =
        CompletableFuture.allOf(
            agents.stream().map(Agent::finished).toArray(CompletableFuture[]::new));
    CompletableFuture.anyOf(ended, stop).join();
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    agents.parallelStream().forEach(Agent::close);
    return DemoReport.of(agents.stream().map(Agent::counters).toList(), latencies, duration);
  }

  private static DeviceAddress address(String camera) {
    return new DeviceAddress(SITE, camera);
  }

  private AgentSetup setup(Camera camera, BrokerAddress broker, RemoteChannel channel) {
    return new AgentSetup(
        address(camera.name()),
        camera.sensor(),
        spec,
        model,
        camera.route(),
        RemoteSettings.STANDARD,
        SpoolSettings.STANDARD,
        channel,
        broker,
        null,
        Reconnection.standard(),
        settings.pagePort() == null ? Duration.ZERO : WATCHABLE,
        null,
        null,
        camera.exposures());
  }
}
