package dev.blindsight.camera.mqtt;

import dev.blindsight.protocol.topic.TopicFilter;
import java.util.function.Consumer;

/**
 * What a connection wants to receive.
 *
 * @param filter a topic filter, shared or not
 * @param handler takes each message on the connection's thread and sees to it that it is
 *     acknowledged
 */
public record Subscription(TopicFilter filter, Consumer<IncomingMessage> handler) {}
