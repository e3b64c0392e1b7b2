package dev.blindsight.protocol.document;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;

/** Jackson's snake case, open to this package so that keys are named by one rule. */
final class SnakeCase extends SnakeCaseStrategy {
  private static final long serialVersionUID = 1L;
  static final SnakeCase NAMING = new SnakeCase();

  @Override
  protected String translate(String name) {
    return super.translate(name);
  }
}
