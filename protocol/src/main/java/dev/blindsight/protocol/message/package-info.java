/** What travels over MQTT: readout requests, classification replies, published results. */
@NullMarked
package dev.blindsight.protocol.message;

import org.jspecify.annotations.NullMarked;
