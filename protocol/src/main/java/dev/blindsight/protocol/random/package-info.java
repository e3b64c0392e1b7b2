/** Generators of random permutations: the PyTorch-compatible one and the keyed one. */
@NullMarked
package dev.blindsight.protocol.random;

import org.jspecify.annotations.NullMarked;
