package dev.blindsight.protocol.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NearestWordTest {
  @Test
  void to_misspeltWords_findsTheOneMeant() {
    List<String> known = List.of("learning_rate", "weight_decay", "epochs", "seed");

    assertThat(NearestWord.to("learnig_rate", known)).isEqualTo("learning_rate");
    assertThat(NearestWord.to("wieght_decay", known)).isEqualTo("weight_decay");
    assertThat(NearestWord.to("epoch", known)).isEqualTo("epochs");
    assertThat(NearestWord.to("sed", known)).isEqualTo("seed");
  }

  @Property
  void to_aKnownWord_findsItself(@ForAll @Size(min = 1, max = 5) List<String> known) {
    for (String word : known) {
      if (word.length() <= 128) {
        assertThat(NearestWord.to(word, known)).isEqualTo(word);
      }
    }
  }
}
