/** Processes of this program's own: started, followed, and looked at from outside. */
@NullMarked
package dev.blindsight.camera.process;

import org.jspecify.annotations.NullMarked;
