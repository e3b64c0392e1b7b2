@NullMarked
package dev.blindsight.protocol;

import org.jspecify.annotations.NullMarked;
