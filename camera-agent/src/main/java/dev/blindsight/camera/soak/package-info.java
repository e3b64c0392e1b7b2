/**
 * The endurance test of the remote path: real processes, killed while they work, and an account.
 */
@NullMarked
package dev.blindsight.camera.soak;

import org.jspecify.annotations.NullMarked;
