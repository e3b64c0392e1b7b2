/** What CoreNet publishes: reading its PyTorch checkpoints without running any code in them. */
@NullMarked
package dev.blindsight.trainer.corenet;

import org.jspecify.annotations.NullMarked;
