/** What a device keeps on its disk until a worker has answered it: a bounded spool. */
@NullMarked
package dev.blindsight.camera.spool;

import org.jspecify.annotations.NullMarked;
