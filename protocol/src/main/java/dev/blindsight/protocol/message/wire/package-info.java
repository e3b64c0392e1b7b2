/** The messages as protoc generates them, whose getters never return null. */
@NullMarked
package dev.blindsight.protocol.message.wire;

import org.jspecify.annotations.NullMarked;
