/** Secrets and the keys derived from them. */
@NullMarked
package dev.blindsight.protocol.keys;

import org.jspecify.annotations.NullMarked;
