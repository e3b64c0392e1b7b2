package dev.blindsight.protocol.readout;

/** How the byte permutation φ is chosen. Written in lower case in files. */
public enum PermutationScheme {
  /** φ is the identity. */
  NONE,
  /** The published choice: CoreNet 1aa3acd {@code BytePermutation}, the same for everyone. */
  CORENET,
  /** Chosen by a device secret. */
  KEYED
}
