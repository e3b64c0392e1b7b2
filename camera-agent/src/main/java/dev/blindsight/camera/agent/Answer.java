package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.protocol.message.ResultMessage;
import dev.blindsight.protocol.readout.Readout;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it goes out to observers and subscribers.
 *
 * @param readout what was answered; closed once the answer is out
 * @param expected the true label, when known
 * @param classification the answer
 * @param source where it came from
 * @param fallback whether the device answered because no worker did
 * @param modelId the model that answered
 * @param latency from the end of the exposure's readout to the answer
 */
record Answer(
    Readout readout,
    @Nullable String expected,
    Classification classification,
    ResultMessage.Source source,
    boolean fallback,
    String modelId,
    Duration latency) {}
