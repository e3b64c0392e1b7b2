/** From what cameras drive to the channels of an exposure: colours and sizes. */
@NullMarked
package dev.blindsight.camera.sensor.colour;

import org.jspecify.annotations.NullMarked;
