/** ArduCAM's camera modules on SPI: unkept bytes cross the bus, and are dropped line by line. */
@NullMarked
package dev.blindsight.camera.sensor.arducam;

import org.jspecify.annotations.NullMarked;
