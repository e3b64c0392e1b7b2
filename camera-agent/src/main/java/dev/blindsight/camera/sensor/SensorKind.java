package dev.blindsight.camera.sensor;

import dev.blindsight.protocol.readout.GuaranteeLevel;

/**
 * A kind of sensor, as {@code sensor list} shows it.
 *
 * @param name its scheme
 * @param guarantee how near the sensor its mask acts
 * @param description what it is, in a few words
 * @param example a source, as a person would write it
 */
public record SensorKind(
    String name, GuaranteeLevel guarantee, String description, String example) {}
