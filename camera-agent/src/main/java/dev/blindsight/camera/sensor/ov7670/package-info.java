/** The OV7670 camera with an AL422B FIFO: unkept bytes are clocked past with the outputs off. */
@NullMarked
package dev.blindsight.camera.sensor.ov7670;

import org.jspecify.annotations.NullMarked;
