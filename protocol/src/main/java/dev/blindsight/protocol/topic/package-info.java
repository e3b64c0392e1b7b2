/** The MQTT topics as typed values. */
@NullMarked
package dev.blindsight.protocol.topic;

import org.jspecify.annotations.NullMarked;
