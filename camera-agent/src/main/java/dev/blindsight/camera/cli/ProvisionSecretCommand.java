package dev.blindsight.camera.cli;

import dev.blindsight.firmware.provision.NewSecret;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code provision secret}: a device's secret. */
@Command(
    name = "secret",
    description = "Makes a fresh device secret. It belongs on the device, and nowhere else.")
final class ProvisionSecretCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "a file that does not exist; only its owner may read it")
  private Path file = Path.of("");

  ProvisionSecretCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    NewSecret.write(file);
    console.err().println("%s: a new secret".formatted(file));
    return 0;
  }
}
