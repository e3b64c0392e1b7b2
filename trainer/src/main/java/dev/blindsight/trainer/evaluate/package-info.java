/** Accuracy of a model on labelled pictures, through its real readout path. */
@NullMarked
package dev.blindsight.trainer.evaluate;

import org.jspecify.annotations.NullMarked;
