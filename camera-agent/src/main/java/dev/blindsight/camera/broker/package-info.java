/** The embedded MQTT broker: for one site, and for trying the program out. */
@NullMarked
package dev.blindsight.camera.broker;

import org.jspecify.annotations.NullMarked;
