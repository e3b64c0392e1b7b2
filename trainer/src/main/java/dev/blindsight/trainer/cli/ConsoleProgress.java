package dev.blindsight.trainer.cli;

import dev.blindsight.trainer.train.EpochMetrics;
import dev.blindsight.trainer.train.TrainingProgress;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how a training goes: a bar with the time that is left where a person is
 * watching, and one line for each epoch.
 */
final class ConsoleProgress implements TrainingProgress, AutoCloseable {
  private static final int REDRAW_MILLIS = 500;

  private final PrintWriter err;
  private @Nullable ProgressBar bar;
  private String lastAccuracy = "";

  ConsoleProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void started(long doneSteps, long steps) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return;
    }
    bar =
        new ProgressBarBuilder()
            .setTaskName("training")
            .setUnit(" steps", 1)
            .setInitialMax(steps)
            .startsFrom(doneSteps, Duration.ZERO)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setStyle(ProgressBarStyle.ASCII)
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .build();
  }

  @Override
  public void stepped(double loss) {
    ProgressBar shown = bar;
    if (shown != null) {
      shown.step();
      shown.setExtraMessage(String.format(Locale.ROOT, " loss %.3f%s", loss, lastAccuracy));
    }
  }

  @Override
  public void finished(EpochMetrics epoch, int epochs) {
    if (bar != null) {
      lastAccuracy = shortAccuracy(epoch);
      return;
    }
    err.println(line(epoch, epochs) + accuracy(epoch));
    err.flush();
  }

  private static String line(EpochMetrics epoch, int epochs) {
    return String.format(
        Locale.ROOT,
        "epoch %d/%d, %.1f s (waited %.2f s), %.0f s to go: rate %.2e, loss %.4f",
        epoch.epoch(),
        epochs,
        epoch.seconds(),
        epoch.waitedSeconds(),
        epoch.seconds() * (epochs - epoch.epoch()),
        epoch.learningRate(),
        epoch.loss());
  }

  private static String accuracy(EpochMetrics epoch) {
    Double present = epoch.validation();
    Double averaged = epoch.validationAveraged();
    return present == null || averaged == null
        ? ""
        : String.format(
            Locale.ROOT,
            ", validation %.2f %% (averaged weights %.2f %%)",
            100 * present,
            100 * averaged);
  }

  /** Fits beside the bar on a terminal of 80 columns. */
  private static String shortAccuracy(EpochMetrics epoch) {
    Double averaged = epoch.validationAveraged();
    return averaged == null ? "" : String.format(Locale.ROOT, ", %.1f %%", 100 * averaged);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
