/** The whole product in one process: broker, worker, two cameras, status page. */
@NullMarked
package dev.blindsight.camera.demo;

import org.jspecify.annotations.NullMarked;
