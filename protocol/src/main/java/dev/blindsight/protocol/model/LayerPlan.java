package dev.blindsight.protocol.model;

/**
 * What one transformer block does to an input of one length.
 *
 * @param index the block, from 0
 * @param tokens real tokens that enter
 * @param window tokens in one attention window
 * @param paddedTokens tokens after zero vectors fill the last window: windows * window
 * @param windows the number of windows, at least 1
 * @param shift how far the padded sequence is rolled to the left before it is cut into windows,
 *     0..window-1; in {@link AttentionMode#REFERENCE} 0 also where turning a single window changes
 *     nothing. In {@link AttentionMode#BATCH_INVARIANT} windows are cut before tokens shift, shift
 *     + window, shift + 2 window ..., and the first shift tokens attend among themselves
 * @param downsample whether pairs of tokens are merged after the block
 * @param tokensAfter real tokens that leave: tokens, or half of it rounded up
 */
public record LayerPlan(
    int index,
    int tokens,
    int window,
    int paddedTokens,
    int windows,
    int shift,
    boolean downsample,
    int tokensAfter) {}
