/** Memory that stays where it is: never swapped out, in no core dump, overwritten after use. */
@NullMarked
package dev.blindsight.camera.memory;

import org.jspecify.annotations.NullMarked;
