@NullMarked
package dev.blindsight.trainer;

import org.jspecify.annotations.NullMarked;
