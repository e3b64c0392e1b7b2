/** Tests of the status page, over HTTP and in a browser. */
@NullMarked
package dev.blindsight.camera.dashboard;

import org.jspecify.annotations.NullMarked;
