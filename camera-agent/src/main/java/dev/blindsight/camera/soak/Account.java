package dev.blindsight.camera.soak;

import dev.blindsight.camera.bench.Quantiles;
import dev.blindsight.camera.soak.JournalEntry.Answered;
import dev.blindsight.camera.soak.JournalEntry.Connected;
import dev.blindsight.camera.soak.JournalEntry.Counted;
import dev.blindsight.camera.soak.JournalEntry.Spooled;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps the books: what was taken, what was answered, and how. For one thread. */
final class Account {
  private static final int LATENCIES_AT_FIRST = 4096;

  private final SoakSettings settings;
  private final ExpectedAnswers expected;
  private final BitSet[] taken;
  private final BitSet[] answered;
  private final Map<Long, Counted> counted = new HashMap<>();
  private double[] latencyMillis = new double[LATENCIES_AT_FIRST];
  private int latencies;
  private long answers;
  private long wrong;
  private long firstWarm;
  private long firstLate;
  private long lastProgress = System.nanoTime();
  private @Nullable Double maxOverMin;
  private long brokerBack = Long.MAX_VALUE;
  private final Map<Integer, Long> reconnected = new TreeMap<>();

  Account(SoakSettings settings, ExpectedAnswers expected) {
    this.settings = settings;
    this.expected = expected;
    this.taken = sets(settings.cameras());
    this.answered = sets(settings.cameras());
  }

  private static BitSet[] sets(int cameras) {
    BitSet[] sets = new BitSet[cameras];
    Arrays.setAll(sets, _ -> new BitSet());
    return sets;
  }

  void enter(JournalEntry entry) {
    switch (entry) {
      case Spooled spooled -> taken[spooled.camera()].set((int) spooled.sequence());
      case Answered answer -> enter(answer);
      case Connected connected -> {
        if (connected.epochMillis() >= brokerBack) {
          reconnected.putIfAbsent(connected.camera(), connected.epochMillis());
        }
      }
      case Counted count -> counted.put(count.process(), count);
    }
  }

  private void enter(Answered answer) {
    answers++;
    lastProgress = System.nanoTime();
    if (!expected.agree(answer.camera(), answer.sequence(), answer.label(), answer.probability())) {
      wrong++;
    }
    BitSet camera = answered[answer.camera()];
    if (camera.get((int) answer.sequence())) {
      return;
    }
    camera.set((int) answer.sequence());
    if (latencies == cold()) {
      firstWarm = lastProgress;
    }
    if (latencies == late()) {
      firstLate = lastProgress;
    }
    if (latencies == latencyMillis.length) {
      latencyMillis = Arrays.copyOf(latencyMillis, 2 * latencies);
    }
    latencyMillis[latencies++] = answer.latencyNanos() / 1e6;
    if (maxOverMin == null && camera.cardinality() == settings.readoutsOf(answer.camera())) {
      maxOverMin = compare();
    }
  }

  /** The most answers of a camera over the fewest; not a number that ends while one has none. */
  private double compare() {
    int most = Arrays.stream(answered).mapToInt(BitSet::cardinality).max().orElseThrow();
    int fewest = Arrays.stream(answered).mapToInt(BitSet::cardinality).min().orElseThrow();
    return (double) most / Math.max(1, fewest);
  }

  /** The broker has just been started again. */
  void brokerBack(long epochMillis) {
    brokerBack = epochMillis;
    reconnected.clear();
  }

  /** Readouts with an answer. */
  long answered() {
    return latencies;
  }

  /** Readouts that were in a spool. */
  long taken() {
    return Arrays.stream(taken).mapToLong(BitSet::cardinality).sum();
  }

  boolean complete() {
    return latencies >= settings.readouts();
  }

  /** When the last answer came, on the scale of {@link System#nanoTime()}. */
  long lastProgress() {
    return lastProgress;
  }

  /** Answers a second from the first after the warm-up to the last; 0 before the second. */
  double perSecond() {
    int warm = latencies - cold() - 1;
    return warm < 1 ? 0 : warm / ((lastProgress - firstWarm) / 1e9);
  }

  /** The same of the last quarter of what counts; 0 when that was not reached. */
  double latePerSecond() {
    long counted = latencies - late() - 1;
    return counted < 1 ? 0 : counted / ((lastProgress - firstLate) / 1e9);
  }

  private long late() {
    return settings.readouts() - (settings.readouts() - settings.warmUp()) / 4;
  }

  /** How many of the first answers do not count in times and rates. */
  private int cold() {
    return Math.toIntExact(Math.min(settings.warmUp(), latencies));
  }

  long duplicated() {
    return answers - latencies + counted.values().stream().mapToLong(Counted::duplicated).sum();
  }

  long refused() {
    return counted.values().stream().mapToLong(Counted::refused).sum();
  }

  long wrong() {
    return wrong;
  }

  /** Readouts in a spool that have no answer. */
  long lost() {
    long lost = 0;
    for (int camera = 0; camera < taken.length; camera++) {
      BitSet missing = (BitSet) taken[camera].clone();
      missing.andNot(answered[camera]);
      lost += missing.cardinality();
    }
    return lost;
  }

  /**
   * A quantile of the time from exposure to answer after the warm-up, in milliseconds; 0 without
   * answers.
   */
  double latencyMillis(double fraction) {
    int cold = cold();
    return latencies == cold
        ? 0
        : Quantiles.of(Arrays.copyOfRange(latencyMillis, cold, latencies)).at(fraction);
  }

  @Nullable Double maxOverMin() {
    return maxOverMin;
  }

  SoakReport.@Nullable Reconnects reconnects() {
    if (reconnected.isEmpty()) {
      return null;
    }
    Map<Long, Integer> bySecond = new HashMap<>();
    double[] seconds =
        reconnected.values().stream()
            .mapToDouble(millis -> {
              bySecond.merge((millis - brokerBack) / 1000, 1, Integer::sum);
              return (millis - brokerBack) / 1e3;
            })
            .toArray();
    Quantiles quantiles = Quantiles.of(seconds);
    return new SoakReport.Reconnects(
        seconds.length,
        quantiles.at(0.5),
        quantiles.at(0.99),
        bySecond.values().stream().mapToInt(Integer::intValue).max().orElse(0));
  }
}
