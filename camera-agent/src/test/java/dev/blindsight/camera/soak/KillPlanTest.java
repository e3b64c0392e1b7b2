package dev.blindsight.camera.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.soak.KillPlan.Victim;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KillPlanTest {
  @Test
  void due_asAnswersComeIn_spreadsAllKillsEvenly() {
    KillPlan plan = new KillPlan(settings(2, 1, 1));
    List<Victim> victims = new ArrayList<>();
    List<Long> when = new ArrayList<>();
    for (long answers = 0; answers <= 100; answers++) {
      long now = answers;
      plan.due(answers)
          .ifPresent(victim -> {
            victims.add(victim);
            when.add(now);
          });
    }

    assertThat(when).containsExactly(20L, 40L, 60L, 80L);
    assertThat(victims).containsExactly(Victim.BROKER, Victim.WORKER, Victim.AGENT, Victim.BROKER);
  }

  @Test
  void due_nobodyToKill_isNever() {
    assertThat(new KillPlan(settings(0, 0, 0)).due(Long.MAX_VALUE)).isEmpty();
  }

  private static SoakSettings settings(int broker, int worker, int agent) {
    return new SoakSettings(
        BrokerKind.EMBEDDED, "bundled", 100, 1, 1, null, broker, worker, agent, null, 16, 0);
  }
}
