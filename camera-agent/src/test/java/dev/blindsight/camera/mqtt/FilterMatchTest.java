package dev.blindsight.camera.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.topic.TopicFilter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of MQTT 5, sections 4.7.1 and 4.8.2, and their neighbours. */
class FilterMatchTest {
  @ParameterizedTest
  @CsvSource({
    "a/b, a/b, true",
    "a/b, a/c, false",
    "a/b, a, false",
    "a/b, a/b/c, false",
    "a/+/c, a/x/c, true",
    "a/+/c, a/x/y/c, false",
    "+/+, /finance, true",
    "+, /finance, false",
    "a/#, a, true",
    "a/#, a/b/c, true",
    "#, a/b, true",
    "$share/g/a/+, a/b, true",
    "$share/g/a/+, a/b/c, false",
    "$share/g/a/+, g/a/b, false"
  })
  void matches_filterAndTopic_followsTheStandard(String filter, String topic, boolean expected) {
    assertThat(FilterMatch.matches(new TopicFilter(filter), topic)).isEqualTo(expected);
  }
}
