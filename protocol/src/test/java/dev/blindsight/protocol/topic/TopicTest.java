package dev.blindsight.protocol.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {
  private static final DeviceAddress HALL = new DeviceAddress("home", "hall-1");

  @Test
  void render_everyKind_followsTheScheme() {
    Set<String> rendered = new HashSet<>();
    for (TopicKind kind : TopicKind.values()) {
      rendered.add(Topic.of(HALL, kind).render());
    }

    assertThat(rendered)
        .containsExactlyInAnyOrder(
            "blindsight/home/hall-1/status",
            "blindsight/home/hall-1/result",
            "blindsight/home/hall-1/readout",
            "blindsight/home/hall-1/reply",
            "blindsight/home/hall-1/event",
            "blindsight/home/hall-1/diagnostics",
            "blindsight/home/hall-1/capture",
            "blindsight/home/hall-1/capture/set",
            "blindsight/home/hall-1/model",
            "blindsight/home/hall-1/model/state");
  }

  @Property
  void parse_anyTopicRendered_givesItBack(
      @ForAll("names") String site, @ForAll("names") String device, @ForAll TopicKind kind) {
    Topic topic = Topic.of(new DeviceAddress(site, device), kind);

    assertThat(topic.kind()).isEqualTo(kind);
    assertThat(topic.render()).hasSizeLessThanOrEqualTo(Topic.LONGEST_TOPIC);
    assertThat(Topic.parse(topic.render())).contains(topic);
  }

  @Property
  void parse_anyText_isEmptyOrRendersBack(@ForAll("topicLikeTexts") String text) {
    assertThat(Topic.parse(text).map(Topic::render).orElse(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "blindsight",
        "blindsight/home/hall",
        "blindsight/home/hall/",
        "blindsight/home/hall/other",
        "blindsight/home/hall/capture/set/",
        "blindsight/home//status",
        "blindsight/+/hall/status",
        "blindsight/home/#/status",
        "/blindsight/home/hall/status",
        "Blindsight/home/hall/status",
        "$share/inference/blindsight/home/hall/readout"
      })
  void parse_notOneOfOurs_isEmpty(String name) {
    assertThat(Topic.parse(name)).isEmpty();
  }

  @Test
  void parse_veryLongText_isEmpty() {
    assertThat(Topic.parse("blindsight/" + "/".repeat(1 << 20))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a/b", "+", "#", "a+", "a b", "a\u0000", "a\n", "$SYS", ".", "-a", "é"})
  void address_nameThatCouldChangeATopic_isRefused(String name) {
    assertThatThrownBy(() -> new DeviceAddress(name, "hall"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("site is")
        .message()
        .hasLineCount(1);
    assertThatThrownBy(() -> new DeviceAddress("home", name))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("device is");
  }

  @Test
  void address_nameAtTheBound_isAcceptedAndBeyondRefused() {
    assertThat(new DeviceAddress("a".repeat(64), "b").site()).hasSize(64);
    assertThatThrownBy(() -> new DeviceAddress("a".repeat(65), "b")).isInstanceOf(UserError.class);
  }

  @Test
  void filters_workersAndWatchers_areTheAgreedExpressions() {
    assertThat(TopicFilter.workers().expression())
        .isEqualTo("$share/inference/blindsight/+/+/readout");
    assertThat(TopicFilter.every(TopicKind.RESULT).expression()).isEqualTo("blindsight/+/+/result");
    assertThat(TopicFilter.site("home", TopicKind.STATUS).expression())
        .isEqualTo("blindsight/home/+/status");
    assertThat(TopicFilter.only(new Topic.Reply(HALL)).expression())
        .isEqualTo("blindsight/home/hall-1/reply");
    assertThatThrownBy(() -> TopicFilter.site("+", TopicKind.STATUS)).isInstanceOf(UserError.class);
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> first = Arbitraries.strings().alpha().numeric().withChars('_').ofLength(1);
    Arbitrary<String> rest =
        Arbitraries.strings().alpha().numeric().withChars("_.-").ofMaxLength(63);
    return Combinators.combine(first, rest).as(String::concat);
  }

  @Provide
  Arbitrary<String> topicLikeTexts() {
    return Arbitraries.of(
            "blindsight",
            "home",
            "status",
            "capture",
            "set",
            "model",
            "+",
            "#",
            "",
            "a b",
            "readout")
        .list()
        .ofMaxSize(6)
        .map(levels -> String.join("/", levels));
  }
}
