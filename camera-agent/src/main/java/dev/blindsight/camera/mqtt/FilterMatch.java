package dev.blindsight.camera.mqtt;

import dev.blindsight.protocol.topic.TopicFilter;

/** Whether a topic matches a filter (MQTT 5 section 4.7), shared (section 4.8.2) or not. */
final class FilterMatch {
  private static final String SHARED = "$share/";

  private FilterMatch() {}

  static boolean matches(TopicFilter filter, String topic) {
    String[] wanted = unshared(filter.expression()).split("/", -1);
    String[] levels = topic.split("/", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals("#")) {
        return true;
      }
      if (i >= levels.length || !(wanted[i].equals("+") || wanted[i].equals(levels[i]))) {
        return false;
      }
    }
    return wanted.length == levels.length;
  }

  private static String unshared(String expression) {
    if (!expression.startsWith(SHARED)) {
      return expression;
    }
    return expression.substring(expression.indexOf('/', SHARED.length()) + 1);
  }
}
