package dev.blindsight.trainer.corenet;

/** Takes what a person should know about an import, a line each. */
@FunctionalInterface
public interface Remarks {
  void add(String remark);
}
