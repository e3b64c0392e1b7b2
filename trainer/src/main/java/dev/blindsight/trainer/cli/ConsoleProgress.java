package dev.blindsight.trainer.cli;

import dev.blindsight.trainer.train.EpochMetrics;
import dev.blindsight.trainer.train.TrainingProgress;
import java.io.Console;
import java.io.PrintWriter;
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
            .startsFrom(doneSteps, java.time.Duration.ZERO)
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
      shown.setExtraMessage(String.format(Locale.ROOT, " loss %.3f", loss));
    }
  }

  @Override
  public void finished(EpochMetrics epoch, int epochs) {
    if (bar != null) {
      return;
    }
    err.println(line(epoch, epochs));
    err.flush();
  }

  private static String line(EpochMetrics epoch, int epochs) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "epoch %d/%d  loss %.4f  rate %.2e  %.1f s (waited %.2f s)",
            epoch.epoch(),
            epochs,
            epoch.loss(),
            epoch.learningRate(),
            epoch.seconds(),
            epoch.waitedSeconds()));
    if (epoch.validation() != null && epoch.validationAveraged() != null) {
      line.append(
          String.format(
              Locale.ROOT,
              "  validation %.2f %%, averaged %.2f %%",
              100 * epoch.validation(),
              100 * epoch.validationAveraged()));
    }
    line.append(
        String.format(
            Locale.ROOT, "  %.0f s to go", epoch.seconds() * (epochs - epoch.epoch())));
    return line.toString();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
