/** Labelled pictures played as exposures of a chip with addressable pixels. */
@NullMarked
package dev.blindsight.camera.sensor.simulated;

import org.jspecify.annotations.NullMarked;
