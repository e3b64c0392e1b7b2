package dev.blindsight.trainer.train;

/** Who is told how a training goes. Called from the thread that trains. */
public interface TrainingProgress {
  /**
   * The training begins or goes on.
   *
   * @param doneSteps steps of an earlier run
   * @param steps of the whole training
   */
  void started(long doneSteps, long steps);

  /**
   * A step is done.
   *
   * @param loss of its batch
   */
  void stepped(double loss);

  /**
   * An epoch is done.
   *
   * @param epochs of the whole training
   */
  void finished(EpochMetrics epoch, int epochs);
}
