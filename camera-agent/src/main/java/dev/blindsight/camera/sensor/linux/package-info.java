/** The few system calls of Linux that sensors make without a native library of their own. */
@NullMarked
package dev.blindsight.camera.sensor.linux;

import org.jspecify.annotations.NullMarked;
