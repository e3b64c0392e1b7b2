/** How fast models answer on this machine, side by side. */
@NullMarked
package dev.blindsight.camera.bench;

import org.jspecify.annotations.NullMarked;
