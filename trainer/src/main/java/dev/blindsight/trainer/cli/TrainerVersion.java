package dev.blindsight.trainer.cli;

import picocli.CommandLine.IVersionProvider;

/** The version of the trainer, as its archive states it. */
final class TrainerVersion implements IVersionProvider {
  private static final String UNPACKED = "development";

  static String text() {
    String version = TrainerVersion.class.getPackage().getImplementationVersion();
    return version == null ? UNPACKED : version;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"blindsight trainer " + text()};
  }
}
