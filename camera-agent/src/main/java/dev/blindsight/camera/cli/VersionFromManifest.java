package dev.blindsight.camera.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version the packaged application was built as. */
final class VersionFromManifest implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version =
        Optional.ofNullable(Blindsight.class.getPackage().getImplementationVersion())
            .orElse("(not packaged)");
    return new String[] {"Blindsight " + version};
  }
}
