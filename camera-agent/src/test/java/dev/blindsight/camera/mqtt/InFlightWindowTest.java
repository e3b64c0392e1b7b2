package dev.blindsight.camera.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class InFlightWindowTest {
  @Property
  void send_anyOrderOfSendsAndReleases_neverExceedsTheWindowAndKeepsOrder(
      @ForAll @IntRange(min = 1, max = 5) int size, @ForAll List<Boolean> steps) {
    InFlightWindow window = new InFlightWindow(size, 1000);
    List<Integer> sent = new ArrayList<>();
    int asked = 0;
    int released = 0;
    for (boolean send : steps) {
      if (send) {
        int number = asked++;
        assertThat(window.send(() -> sent.add(number))).isTrue();
      } else if (released < sent.size()) {
        released++;
        window.release();
      }
      assertThat(sent.size() - released).isEqualTo(Math.min(size, asked - released));
    }
    for (int i = 0; i < sent.size(); i++) {
      assertThat(sent.get(i)).isEqualTo(i);
    }
  }

  @Test
  void send_tooManyWaiting_isRefused() {
    InFlightWindow window = new InFlightWindow(1, 2);

    assertThat(window.send(() -> {})).isTrue();
    assertThat(window.send(() -> {})).isTrue();
    assertThat(window.send(() -> {})).isTrue();
    assertThat(window.send(() -> {})).isFalse();
    window.release();
    assertThat(window.send(() -> {})).isTrue();
  }
}
