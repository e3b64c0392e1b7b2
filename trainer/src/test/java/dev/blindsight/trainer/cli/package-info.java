@NullMarked
package dev.blindsight.trainer.cli;

import org.jspecify.annotations.NullMarked;
