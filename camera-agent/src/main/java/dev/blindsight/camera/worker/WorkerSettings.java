package dev.blindsight.camera.worker;

import dev.blindsight.camera.inference.InferenceSettings;
import dev.blindsight.camera.inference.ProviderChoice;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.seal.Freshness;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's configuration file says.
 *
 * @param name the worker's name in its replies; absent, {@code worker}
 * @param broker where requests come from and replies go to
 * @param tls certificates for a broker with TLS; absent, those that Java trusts
 * @param models model files, or {@code bundled}; at least one
 * @param threads inferences at a time, 1..256; absent, as many as there are cores for
 * @param batch how many readouts are answered together; absent, the defaults
 * @param devices the folder of the devices' grants; absent, no sealed request is answered
 * @param acceptPlain whether requests in the clear are answered; absent, they are refused
 * @param freshnessSeconds how far a device's clock and the worker's may be apart, the time on the
 *     way included, 1..86,400; absent, 120
 * @param provider where the models run; absent, on the GPU where there is one that works
 * @param threadsPerInference threads that share one inference, 1..256; absent, 1, which answers the
 *     most readouts a second
 * @param dedicated whether the machine has nothing else to do; absent, it has
 */
public record WorkerSettings(
    @Nullable String name,
    BrokerAddress broker,
    @Nullable TlsSettings tls,
    List<String> models,
    @Nullable Integer threads,
    @Nullable BatchSettings batch,
    @Nullable String devices,
    @Nullable Boolean acceptPlain,
    @Nullable Integer freshnessSeconds,
    @Nullable ProviderChoice provider,
    @Nullable Integer threadsPerInference,
    @Nullable Boolean dedicated) {
  private static final int MOST_THREADS = 256;
  private static final int LONGEST_FRESHNESS = 86_400;

  /**
   * @throws UserError when a value is out of range
   */
  public WorkerSettings {
    models = List.copyOf(models);
    if (name != null && !DeviceAddress.isName(name)) {
      throw new UserError(
          "name is \"%s\": give 1 to 64 of the characters A-Z a-z 0-9 _ . -".formatted(name));
    }
    if (models.isEmpty()) {
      throw new UserError("models is empty: give at least one model file, or bundled");
    }
    if (threads != null && (threads < 1 || threads > MOST_THREADS)) {
      throw new UserError("threads is %d: give 1 to %d".formatted(threads, MOST_THREADS));
    }
    if (freshnessSeconds != null
        && (freshnessSeconds < 1 || freshnessSeconds > LONGEST_FRESHNESS)) {
      throw new UserError(
          "freshness_seconds is %d: give 1 to %d".formatted(freshnessSeconds, LONGEST_FRESHNESS));
    }
    if (devices == null && !Boolean.TRUE.equals(acceptPlain)) {
      throw new UserError(
          "devices is missing: name the folder of the devices' grants, or answer requests in the"
              + " clear by accept_plain: true");
    }
    inference(threadsPerInference, dedicated, provider);
  }

  /** The worker's name. */
  public String nameOrDefault() {
    return name == null ? "worker" : name;
  }

  /** How many readouts are answered together. */
  public BatchSettings batchOrDefault() {
    return batch == null ? BatchSettings.STANDARD : batch;
  }

  /** Whether requests in the clear are answered. */
  public boolean acceptsPlain() {
    return Boolean.TRUE.equals(acceptPlain);
  }

  /** How old a sealed request may be. */
  public Freshness freshness() {
    return freshnessSeconds == null
        ? Freshness.STANDARD
        : new Freshness(Duration.ofSeconds(freshnessSeconds));
  }

  /** Inferences at a time. */
  public int threadsOrDefault() {
    return threads == null
        ? Math.max(1, InferenceSettings.threadsOfThisMachine() / inference().threadsPerInference())
        : threads;
  }

  /**
   * How the models use the machine.
   *
   * @throws UserError when the number of threads is out of range
   */
  public InferenceSettings inference() {
    return inference(threadsPerInference, dedicated, provider);
  }

  private static InferenceSettings inference(
      @Nullable Integer threads, @Nullable Boolean dedicated, @Nullable ProviderChoice provider) {
    return InferenceSettings.configured(threads == null ? 1 : threads, dedicated, provider);
  }
}
