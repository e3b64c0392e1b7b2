/** The pins and buses of a single-board computer that sensors hang on, through Pi4J. */
@NullMarked
package dev.blindsight.camera.sensor.board;

import org.jspecify.annotations.NullMarked;
