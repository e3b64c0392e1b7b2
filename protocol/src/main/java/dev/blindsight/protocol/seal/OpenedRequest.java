package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.message.ReadoutRequest;

/**
 * A request out of its envelope, with what its reply needs.
 *
 * @param request what was asked, by the device it says
 * @param epoch of the keys that sealed it, at least 1
 * @param sequence of the envelope, at least 0
 */
public record OpenedRequest(ReadoutRequest request, int epoch, long sequence) {}
