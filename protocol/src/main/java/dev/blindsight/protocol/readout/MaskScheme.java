package dev.blindsight.protocol.readout;

/** How the kept channels are chosen. Written in lower case in files. */
public enum MaskScheme {
  /** The published choice: CoreNet 1aa3acd {@code MaskPositions}, the same for everyone. */
  CORENET,
  /** Chosen by a device secret. */
  KEYED
}
