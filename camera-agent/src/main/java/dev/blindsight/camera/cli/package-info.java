/** The command line of the camera agent. */
@NullMarked
package dev.blindsight.camera.cli;

import org.jspecify.annotations.NullMarked;
