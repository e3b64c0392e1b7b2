/**
 * Cameras on a ribbon cable (CSI-2) of a Raspberry Pi, through the program that comes with its
 * system: frames pass by in a pipe, and the kept channels are picked from it.
 */
@NullMarked
package dev.blindsight.camera.sensor.csi;

import org.jspecify.annotations.NullMarked;
