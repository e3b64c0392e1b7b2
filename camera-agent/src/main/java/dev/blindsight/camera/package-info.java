@NullMarked
package dev.blindsight.camera;

import org.jspecify.annotations.NullMarked;
