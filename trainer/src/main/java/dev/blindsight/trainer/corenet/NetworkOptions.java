package dev.blindsight.trainer.corenet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tensors do not tell about a network, as a person gives it; it goes before what a
 * configuration file says.
 *
 * @param heads attention heads
 * @param window tokens in an attention window, of every block
 * @param shifts how far each block's windows are shifted, one for each block
 */
public record NetworkOptions(
    @Nullable Integer heads, @Nullable Integer window, @Nullable List<Integer> shifts) {}
