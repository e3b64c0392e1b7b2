/** Video files and network cameras by FFmpeg: frames stay in native memory, and not for long. */
@NullMarked
package dev.blindsight.camera.sensor.replay;

import org.jspecify.annotations.NullMarked;
