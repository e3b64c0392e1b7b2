/** Lights and switches beside a camera: status LED, hardware shutter switch, trigger input. */
@NullMarked
package dev.blindsight.camera.sensor.panel;

import org.jspecify.annotations.NullMarked;
