/**
 * Processes of this program's own, started, followed, and looked at from outside; and folders that
 * go with one.
 */
@NullMarked
package dev.blindsight.camera.process;

import org.jspecify.annotations.NullMarked;
