package dev.blindsight.camera.soak;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * When which process is killed: all kills spread evenly over the answers, those of one kind as far
 * apart from each other as possible.
 */
final class KillPlan {
  /** What is killed. */
  enum Victim {
    BROKER("broker"),
    WORKER("first worker"),
    AGENT("cameras");

    private final String word;

    Victim(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  private record Wish(Victim victim, double when) {}

  private record Kill(Victim victim, long answers) {}

  private final Queue<Kill> kills = new ArrayDeque<>();

  KillPlan(SoakSettings settings) {
    List<Wish> wishes = new ArrayList<>();
    add(wishes, Victim.BROKER, settings.killBroker());
    add(wishes, Victim.WORKER, settings.killWorker());
    add(wishes, Victim.AGENT, settings.killAgent());
    wishes.sort(Comparator.comparingDouble(Wish::when));
    for (int i = 0; i < wishes.size(); i++) {
      kills.add(
          new Kill(wishes.get(i).victim(), (i + 1) * settings.readouts() / (wishes.size() + 1)));
    }
  }

  private static void add(List<Wish> wishes, Victim victim, int times) {
    for (int i = 0; i < times; i++) {
      wishes.add(new Wish(victim, (i + 1.0) / (times + 1)));
    }
  }

  /** The next victim, if its time has come. */
  Optional<Victim> due(long answers) {
    return !kills.isEmpty() && answers >= kills.peek().answers()
        ? Optional.of(kills.remove().victim())
        : Optional.empty();
  }
}
