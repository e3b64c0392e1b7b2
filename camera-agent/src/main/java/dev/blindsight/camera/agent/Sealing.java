package dev.blindsight.camera.agent;

/** How readouts travel to workers and wait on the disk. */
public enum Sealing {
  /** Encrypted and authenticated by keys of the device's secret. */
  SEALED,
  /** As they are: for a network and a broker where everybody may see them. */
  PLAIN
}
