package dev.blindsight.protocol.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.seal.ReplayWindow.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
  private static final int THREADS = 8;

  /** All that was ever seen, and the highest of it. */
  private static final class Model {
    private final Set<Long> seen = new HashSet<>();
    private long highest = -1;

    Verdict admit(long sequence) {
      if (sequence <= highest - ReplayWindow.WIDTH) {
        return Verdict.TOO_OLD;
      }
      highest = Math.max(highest, sequence);
      return seen.add(sequence) ? Verdict.NEW : Verdict.SEEN;
    }
  }

  @Property(tries = 500)
  void admit_anySequences_judgesAsTheModelThatForgetsNothing(
      @ForAll("walks") List<Long> sequences) {
    ReplayWindow window = new ReplayWindow();
    Model model = new Model();

    for (long sequence : sequences) {
      assertThat(window.admit(sequence)).isEqualTo(model.admit(sequence));
    }
  }

  /** Steps of every size that matters, up and down, from anywhere. */
  @Provide
  Arbitrary<List<Long>> walks() {
    Arbitrary<Long> steps =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.longs().between(-8, 8)),
            Tuple.of(3, Arbitraries.longs().between(-1100, 1100)),
            Tuple.of(2, Arbitraries.of(-1025L, -1024L, -1023L, 1023L, 1024L, 1025L, 2048L)),
            Tuple.of(1, Arbitraries.longs().between(0, 1L << 40)));
    Arbitrary<Long> starts =
        Arbitraries.oneOf(
            Arbitraries.longs().between(0, 5000),
            Arbitraries.just(Long.MAX_VALUE - 100),
            Arbitraries.longs().between(0, Long.MAX_VALUE));
    return starts.flatMap(start ->
        steps
            .list()
            .ofMaxSize(300)
            .map(list -> {
              List<Long> walk = new ArrayList<>();
              long at = start;
              for (long step : list) {
                walk.add(at);
                at = Math.max(0, saturated(at, step));
              }
              return walk;
            }));
  }

  private static long saturated(long at, long step) {
    long sum = at + step;
    return step > 0 && sum < 0 ? Long.MAX_VALUE : sum;
  }

  @Test
  void admit_manyThreadsWithTheSameSequences_admitsEachOnce() throws Exception {
    ReplayWindow window = new ReplayWindow();
    List<Callable<Long>> threads = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      List<Long> sequences =
          new ArrayList<>(LongStream.range(0, ReplayWindow.WIDTH).boxed().toList());
      Collections.shuffle(sequences, new Random(thread));
      threads.add(() -> sequences.stream().filter(s -> window.admit(s) == Verdict.NEW).count());
    }

    long admitted = 0;
    try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
      for (Future<Long> count : executor.invokeAll(threads)) {
        admitted += count.get();
      }
    }

    assertThat(admitted).isEqualTo(ReplayWindow.WIDTH);
  }
}
