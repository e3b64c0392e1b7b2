/** The AMG8833, a thermal sensor of 8×8 pixels on the I²C bus. */
@NullMarked
package dev.blindsight.camera.sensor.amg8833;

import org.jspecify.annotations.NullMarked;
