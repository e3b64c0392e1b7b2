package dev.blindsight.camera.agent;

import dev.blindsight.camera.inference.Classification;
import dev.blindsight.protocol.message.ResultMessage;
import dev.blindsight.protocol.readout.ChannelMask;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one answered exposure looks like to an observer on the device: never more than the kept
 * channels. The two arrays are the observation's own and are not copied; nobody writes to them.
 *
 * @param device the device that took the exposure
 * @param capturedAt when it was taken
 * @param sequence the device's running number of the exposure
 * @param geometry the sensor's geometry
 * @param mask which channels were kept
 * @param guarantee how near the sensor the mask acts
 * @param kept the kept values in clear, in mask order: for the status page on the device, never
 *     sent anywhere
 * @param wire the same values after the byte permutation, in mask order: the bytes a remote request
 *     carries
 * @param classification the answer
 * @param source where the answer came from
 * @param fallback whether the device answered because no worker did
 * @param latency from the end of the exposure's readout to the answer
 * @param expected the true label, when the source knows it
 * @param answered how many exposures this device has answered, this one included
 * @param correct how many of those had {@code expected} as their top label
 */
// The arrays are compared by nobody; copying each exposure's bytes again would buy nothing.
@SuppressWarnings("ArrayRecordComponent")
public record Observation(
    String device,
    Instant capturedAt,
    long sequence,
    SensorGeometry geometry,
    ChannelMask mask,
    GuaranteeLevel guarantee,
    byte[] kept,
    byte[] wire,
    Classification classification,
    ResultMessage.Source source,
    boolean fallback,
    Duration latency,
    @Nullable String expected,
    long answered,
    long correct) {}
