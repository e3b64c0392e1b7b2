/** The buses and pins of a single-board computer, through Pi4J: what drivers of chips share. */
@NullMarked
package dev.blindsight.camera.sensor.board;

import org.jspecify.annotations.NullMarked;
