/** What the drivers of OmniVision's cameras share: frames of two bytes a pixel behind a FIFO. */
@NullMarked
package dev.blindsight.camera.sensor.omnivision;

import org.jspecify.annotations.NullMarked;
