/**
 * Sealed readouts and replies: what a broker carries without being able to read or change it.
 * {@code docs/protocol/sealing.md} is the specification for writers of other clients.
 */
@NullMarked
package dev.blindsight.protocol.seal;

import org.jspecify.annotations.NullMarked;
