/** Typed training recipes: YAML files with defaults and overrides. */
@NullMarked
package dev.blindsight.trainer.recipe;

import org.jspecify.annotations.NullMarked;
