package dev.blindsight.firmware.provision;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.model.ModelCard;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.seal.DeviceGrant.Translation;
import dev.blindsight.protocol.seal.TranslationTable;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a worker must know of a device's readouts to put them to a model. A model is trained for one
 * mask and one φ; the mask must be the device's own, φ need not be, for a table turns one φ into
 * the other.
 */
public final class ModelReadout {
  private final ModelCard card;
  private final Function<String, DeviceSecret> secrets;

  /**
   * @param card of the model
   * @param secrets gives the secret of the model's own readout spec, where that is keyed; throws a
   *     {@link UserError} where it is not known
   */
  public ModelReadout(ModelCard card, Function<String, DeviceSecret> secrets) {
    this.card = card;
    this.secrets = secrets;
  }

  /**
   * How the device's readouts become the model's.
   *
   * @return empty when they are the same, or how to translate them
   * @throws UserError when they cannot become the model's, or the model's φ cannot be computed
   */
  public Optional<Translation> from(ReadoutSpec device) {
    if (device.id().equals(card.spec())) {
      return Optional.empty();
    }
    ReadoutSpec model = card.readout().resolve(secrets);
    if (!model.id().equals(card.spec())) {
      throw new UserError(
          "model %s: trained for readout spec %s, the secret given for it makes %s: give the secret it was trained with (--model-secret)"
              .formatted(card.name(), card.spec().abbreviated(), model.id().abbreviated()));
    }
    if (!device.geometry().equals(model.geometry()) || !device.mask().equals(model.mask())) {
      throw new UserError(
          "model %s: keeps other channels than the device (a keyed mask differs from device to device): train or bind a model for this device, or read it by the model's mask with --readout"
              .formatted(card.name()));
    }
    return Optional.of(
        new Translation(
            card.name(),
            device.id(),
            TranslationTable.between(device.permutation(), model.permutation())));
  }
}
