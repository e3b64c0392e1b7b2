/** Looks for frames where there must be none: in dumps of this process's own heap. */
@NullMarked
package dev.blindsight.camera.proof;

import org.jspecify.annotations.NullMarked;
