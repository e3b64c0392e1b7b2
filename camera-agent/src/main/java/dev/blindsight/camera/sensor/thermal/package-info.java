/** How thermal sensors turn temperatures into channel values. */
@NullMarked
package dev.blindsight.camera.sensor.thermal;

import org.jspecify.annotations.NullMarked;
