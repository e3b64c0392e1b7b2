/** The loop on the device: capture, classify locally or remotely, publish. */
@NullMarked
package dev.blindsight.camera.agent;

import org.jspecify.annotations.NullMarked;
