@NullMarked
package dev.blindsight.firmware;

import org.jspecify.annotations.NullMarked;
