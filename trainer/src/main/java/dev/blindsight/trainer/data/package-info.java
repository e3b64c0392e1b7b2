/** Labelled pictures and the augmented, masked batches made of them. */
@NullMarked
package dev.blindsight.trainer.data;

import org.jspecify.annotations.NullMarked;
