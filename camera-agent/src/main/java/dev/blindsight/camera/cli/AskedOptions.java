package dev.blindsight.camera.cli;

import dev.blindsight.camera.inference.ModelSource;
import dev.blindsight.camera.soak.BrokerKind;
import picocli.CommandLine.Option;

/** Who is asked, by commands that start a broker and workers of their own. */
final class AskedOptions {
  @Option(
      names = "--broker",
      required = true,
      paramLabel = "BROKER",
      description = "embedded or mosquitto")
  private BrokerKind broker = BrokerKind.EMBEDDED;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      defaultValue = ModelSource.BUNDLED,
      description = "the model that answers (default: ${DEFAULT-VALUE})")
  private String model = ModelSource.BUNDLED;

  BrokerKind broker() {
    return broker;
  }

  String model() {
    return model;
  }
}
