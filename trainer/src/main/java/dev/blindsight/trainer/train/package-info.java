/** The training loop: schedule, averaging, checkpoints and the run folder. */
@NullMarked
package dev.blindsight.trainer.train;

import org.jspecify.annotations.NullMarked;
