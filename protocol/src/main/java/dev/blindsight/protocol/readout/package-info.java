/** What is kept of an exposure: geometry, channel mask, byte permutation, spec and readout. */
@NullMarked
package dev.blindsight.protocol.readout;

import org.jspecify.annotations.NullMarked;
