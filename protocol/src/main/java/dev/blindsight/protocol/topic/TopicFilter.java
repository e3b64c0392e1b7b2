package dev.blindsight.protocol.topic;

/**
 * What one subscribes to.
 *
 * @param expression the topic filter as MQTT 5 carries it
 */
public record TopicFilter(String expression) {
  /** The name of the share that all workers join. */
  public static final String SHARE = "inference";

  /** Every device's readout requests, each delivered to one of the workers (MQTT 5, 4.8.2). */
  public static TopicFilter workers() {
    return new TopicFilter("$share/" + SHARE + "/" + every(TopicKind.READOUT).expression());
  }

  /** The topics of one kind of every device of every site. */
  public static TopicFilter every(TopicKind kind) {
    return new TopicFilter(Topic.ROOT + "/+/+/" + kind.leaf());
  }

  /** The topics of one kind of every device of one site. */
  public static TopicFilter site(String site, TopicKind kind) {
    // The address checks the name, so that a site cannot widen the filter.
    String name = new DeviceAddress(site, "any").site();
    return new TopicFilter(Topic.ROOT + "/" + name + "/+/" + kind.leaf());
  }

  /** One topic. */
  public static TopicFilter only(Topic topic) {
    return new TopicFilter(topic.render());
  }

  @Override
  public String toString() {
    return expression;
  }
}
