package dev.blindsight.camera.worker;

import dev.blindsight.camera.inference.Model;
import dev.blindsight.camera.tls.TlsSettings;
import dev.blindsight.firmware.profile.BrokerAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is made of.
 *
 * @param name in replies and in the log
 * @param broker where requests come from and replies go to
 * @param tls certificates for a broker with TLS; absent, those that Java trusts
 * @param models those it answers with, at least one; closed by the caller, after the worker
 * @param threads inferences at a time, at least 1
 * @param batch how many readouts are answered together
 * @param admission whose requests are answered
 */
public record WorkerSetup(
    String name,
    BrokerAddress broker,
    @Nullable TlsSettings tls,
    List<Model> models,
    int threads,
    BatchSettings batch,
    Admission admission) {

  public WorkerSetup {
    models = List.copyOf(models);
    if (models.isEmpty() || threads < 1) {
      throw new IllegalArgumentException("%d models, %d threads".formatted(models.size(), threads));
    }
  }
}
