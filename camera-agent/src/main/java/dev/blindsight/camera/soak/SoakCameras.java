package dev.blindsight.camera.soak;

import dev.blindsight.camera.agent.Agent;
import dev.blindsight.camera.agent.AgentCounters;
import dev.blindsight.camera.agent.AgentListener;
import dev.blindsight.camera.agent.AgentSetup;
import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.camera.agent.Observation;
import dev.blindsight.camera.agent.RemoteChannel;
import dev.blindsight.camera.agent.RemoteSettings;
import dev.blindsight.camera.agent.Route;
import dev.blindsight.camera.agent.Sealing;
import dev.blindsight.camera.mqtt.Reconnection;
import dev.blindsight.camera.spool.SpoolSettings;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process of all cameras. Each is an agent as any other, with a client, a secret, a counter and
 * a spool of its own; only its sensor is simulated. Started again after a kill, it goes on after
 * the last readout that its journal says is in a spool.
 */
final class SoakCameras {
  private static final Duration COUNTING = Duration.ofSeconds(1);

  private final SoakPlan plan;
  private final ReadoutSpec spec;
  private final SoakReadouts readouts;
  private final Journal journal;
  private final List<Agent> agents = new ArrayList<>();

  private SoakCameras(SoakPlan plan, Journal journal) throws IOException {
    this.plan = plan;
    this.spec =
        plan.readout()
            .resolve(name -> {
              throw new IllegalStateException("a soak's readouts need no secret");
            });
    this.readouts = SoakReadouts.read(plan.readouts(), spec.length());
    this.journal = journal;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    SoakPlan plan = StrictMapper.json().read(Path.of(arguments[0]), SoakPlan.class);
    long[] next = next(plan);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  stop.countDown();
                  awaitQuietly(stopped);
                }));
    try (Journal journal = Journal.append(plan.journal())) {
      SoakCameras cameras = new SoakCameras(plan, journal);
      cameras.start(next);
      do {
        cameras.count();
      } while (!stop.await(COUNTING.toMillis(), TimeUnit.MILLISECONDS));
      cameras.agents.parallelStream().forEach(Agent::close);
      cameras.count();
    } finally {
      stopped.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** For each camera the first readout that is in no spool yet. */
  private static long[] next(SoakPlan plan) throws IOException {
    long[] next = new long[plan.settings().cameras()];
    try (JournalReader reader = JournalReader.open(plan.journal())) {
      reader.drain(entry -> {
        if (entry instanceof JournalEntry.Spooled spooled) {
          next[spooled.camera()] = Math.max(next[spooled.camera()], spooled.sequence() + 1);
        }
      });
    }
    return next;
  }

  private void start(long[] next) {
    for (int camera = 0; camera < next.length; camera++) {
      agents.add(Agent.start(setup(camera, next[camera]), List.of(new Noting(camera))));
    }
  }

  private AgentSetup setup(int camera, long first) {
    DeviceAddress address = new DeviceAddress(SoakPlan.SITE, SoakPlan.device(camera));
    try (DeviceSecret secret = DeviceSecret.read(plan.secret(camera))) {
      return new AgentSetup(
          address,
          new SoakSensor(readouts, spec, camera, first, plan.settings().readoutsOf(camera)),
          spec,
          null,
          Route.REMOTE,
          new RemoteSettings(
              plan.model(), null, null, plan.settings().window(), null, Sealing.SEALED, null),
          SpoolSettings.STANDARD,
          RemoteChannel.sealed(
              secret, address, SoakKeys.EPOCH, plan.state(camera), Clock.systemUTC()),
          plan.broker(),
          null,
          Reconnection.standard(),
          plan.interval(),
          null,
          null,
          Long.MAX_VALUE);
    }
  }

  private void count() {
    long duplicated = 0;
    long refused = 0;
    for (Agent agent : agents) {
      AgentCounters counters = agent.counters();
      duplicated += counters.duplicated();
      refused += counters.refused();
    }
    journal.write(new JournalEntry.Counted(ProcessHandle.current().pid(), duplicated, refused));
  }

  /** Notes what becomes of one camera's readouts. */
  private final class Noting implements AgentListener {
    private final int camera;

    Noting(int camera) {
      this.camera = camera;
    }

    @Override
    public void observed(Observation observation) {
      Candidate top = observation.classification().top();
      journal.write(
          new JournalEntry.Answered(
              camera,
              observation.sequence(),
              top.label(),
              top.probability(),
              observation.latency().toNanos()));
    }

    @Override
    public void spooled(String device, long sequence) {
      journal.write(new JournalEntry.Spooled(camera, sequence));
    }

    @Override
    public void stateChanged(String device, AgentState state, String detail) {
      if (state == AgentState.RUNNING) {
        journal.write(new JournalEntry.Connected(camera, System.currentTimeMillis()));
      }
    }
  }
}
