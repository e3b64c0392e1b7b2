/**
 * Cameras behind Video for Linux: USB cameras and capture cards. The kernel's driver fills whole
 * frames; the kept channels are gathered from there and the frame is overwritten.
 */
@NullMarked
package dev.blindsight.camera.sensor.v4l2;

import org.jspecify.annotations.NullMarked;
