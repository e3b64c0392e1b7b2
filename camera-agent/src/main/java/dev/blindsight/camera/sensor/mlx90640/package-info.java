/** The MLX90640, a thermal sensor of 32×24 pixels on the I²C bus. */
@NullMarked
package dev.blindsight.camera.sensor.mlx90640;

import org.jspecify.annotations.NullMarked;
