/** Generated protobuf classes. Only the codecs next door use them. */
@NullUnmarked
package dev.blindsight.protocol.message.wire;

import org.jspecify.annotations.NullUnmarked;
