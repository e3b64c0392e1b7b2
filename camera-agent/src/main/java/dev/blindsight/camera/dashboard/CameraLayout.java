package dev.blindsight.camera.dashboard;

import dev.blindsight.camera.agent.Observation;
import dev.blindsight.protocol.readout.ChannelMask;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.protocol.readout.SpecId;
import org.jspecify.annotations.Nullable;

/**
 * What stays the same from one exposure of a camera to the next.
 *
 * @param spec the readout spec's id; null when the camera was not introduced with its spec
 */
record CameraLayout(
    SensorGeometry geometry, ChannelMask mask, GuaranteeLevel guarantee, @Nullable SpecId spec) {

  static CameraLayout of(ReadoutSpec spec, GuaranteeLevel guarantee) {
    return new CameraLayout(spec.geometry(), spec.mask(), guarantee, spec.id());
  }

  static CameraLayout of(Observation observation) {
    return new CameraLayout(
        observation.geometry(), observation.mask(), observation.guarantee(), null);
  }

  /** Whether an exposure was taken under this layout. */
  boolean fits(Observation observation) {
    return guarantee == observation.guarantee()
        && geometry.equals(observation.geometry())
        && mask.equals(observation.mask());
  }
}
