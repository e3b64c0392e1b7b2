/** What takes exposures: sensors that give readouts and nothing else. */
@NullMarked
package dev.blindsight.camera.sensor;

import org.jspecify.annotations.NullMarked;
