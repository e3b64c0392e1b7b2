/** The status page: what each camera kept, sent and recognised, live, for people at the device. */
@NullMarked
package dev.blindsight.camera.dashboard;

import org.jspecify.annotations.NullMarked;
