package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.blindsight.protocol.message.Candidate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final EventSettings SETTINGS = new EventSettings(0.7, 0.4, 1000, null);

  private final List<EventMessage> told = new ArrayList<>();
  private final Events events = new Events(SETTINGS, told::add);

  @Test
  void answered_longEnoughAboveEnter_beginsWhenItCame() {
    say(0, "cat", 0.9);
    say(500, "cat", 0.8);
    assertThat(told).isEmpty();

    say(1000, "cat", 0.95);

    EventMessage begin = told.getFirst();
    assertThat(begin.event()).isEqualTo(EventMessage.Kind.BEGIN);
    assertThat(begin.label()).isEqualTo("cat");
    assertThat(begin.beganAt()).isEqualTo(at(0));
    assertThat(begin.endedAt()).isNull();
    assertThat(begin.peak()).isEqualTo(0.95);
    assertThat(begin.answers()).isEqualTo(3);
  }

  @Test
  void answered_fallsBackBeforeTheDwellTime_beginsNothing() {
    say(0, "cat", 0.9);
    say(900, "cat", 0.6);
    say(1100, "cat", 0.9);
    say(2000, "cat", 0.9);

    assertThat(told).isEmpty();
  }

  @Test
  void answered_betweenTheThresholds_keepsWhatIs() {
    begin();

    say(2000, "cat", 0.5);
    say(9000, "cat", 0.41);

    assertThat(told).hasSize(1);
  }

  @Test
  void answered_longEnoughBelowLeave_endsWhenItLeft() {
    begin();

    say(2000, "cat", 0.3);
    say(2999, "cat", 0.2);
    assertThat(told).hasSize(1);
    say(3000, "cat", 0.1);

    EventMessage end = told.get(1);
    assertThat(end.event()).isEqualTo(EventMessage.Kind.END);
    assertThat(end.id()).isEqualTo(told.getFirst().id());
    assertThat(end.beganAt()).isEqualTo(at(0));
    assertThat(end.endedAt()).isEqualTo(at(2000));
    assertThat(end.peak()).isEqualTo(0.9);
  }

  @Test
  void answered_withoutTheLabel_countsAsImpossible() {
    begin();

    say(2000, "dog", 0.9);
    say(3000, "dog", 0.9);

    assertThat(told)
        .extracting(EventMessage::label, EventMessage::event)
        .containsExactly(
            tuple("cat", EventMessage.Kind.BEGIN),
            tuple("cat", EventMessage.Kind.END),
            tuple("dog", EventMessage.Kind.BEGIN));
  }

  @Test
  void unchanged_afterOneAnswer_saysItAgain() {
    say(0, "cat", 0.9);

    events.unchanged(at(1000));

    assertThat(told).hasSize(1);
  }

  @Test
  void answered_outOfOrder_isPassedOver() {
    begin();

    say(5000, "cat", 0.9);
    say(2000, "cat", 0.0);
    say(3500, "cat", 0.0);

    assertThat(told).hasSize(1);
  }

  @Test
  void stopped_whileAnEventRuns_endsIt() {
    begin();

    events.stopped(at(1500));

    assertThat(told.get(1).event()).isEqualTo(EventMessage.Kind.END);
    assertThat(told.get(1).endedAt()).isEqualTo(at(1500));
  }

  @Test
  void answered_aLabelThatIsNotWanted_makesNoEvent() {
    Events cats = new Events(new EventSettings(0.7, 0.4, 0, List.of("cat")), told::add);

    cats.answered(at(0), List.of(new Candidate("dog", 0.9), new Candidate("cat", 0.8)));

    assertThat(told).extracting(EventMessage::label).containsExactly("cat");
  }

  @Property
  void answered_anySequence_beginsAndEndsInTurns(
      @ForAll @Size(max = 60) List<@DoubleRange(max = 1) Double> probabilities,
      @ForAll @IntRange(max = 2000) int step) {
    List<EventMessage> messages = new ArrayList<>();
    Events any = new Events(SETTINGS, messages::add);
    int time = 0;
    for (double probability : probabilities) {
      time += step;
      any.answered(
          at(time),
          List.of(new Candidate("cat", probability), new Candidate("dog", 1 - probability)));
    }
    any.stopped(at(time));

    Map<String, EventMessage> running = new HashMap<>();
    for (EventMessage message : messages) {
      switch (message.event()) {
        case BEGIN -> assertThat(running.put(message.label(), message)).isNull();
        case END -> {
          EventMessage begin = running.remove(message.label());
          assertThat(begin).isNotNull();
          assertThat(message.id()).isEqualTo(begin.id());
          assertThat(message.endedAt()).isAfterOrEqualTo(message.beganAt());
        }
      }
    }
    assertThat(running).isEmpty();
  }

  private void begin() {
    say(0, "cat", 0.9);
    say(1000, "cat", 0.9);
  }

  private void say(int millis, String label, double probability) {
    events.answered(at(millis), List.of(new Candidate(label, probability)));
  }

  private static Instant at(int millis) {
    return Instant.EPOCH.plusMillis(millis);
  }
}
