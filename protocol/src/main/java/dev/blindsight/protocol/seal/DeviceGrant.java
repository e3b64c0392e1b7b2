package dev.blindsight.protocol.seal;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.keys.SealKeys;
import dev.blindsight.protocol.keys.SealPurpose;
import dev.blindsight.protocol.readout.SpecId;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a worker holds for a device: the keys of some epochs, and how the device's readouts become
 * those of a model. Never the device secret, never φ. As JSON, a grant file.
 *
 * @param version of the grant file, {@value #VERSION}
 * @param site the device's site
 * @param device the device's name
 * @param epochs the keys that are accepted, at least one, each epoch once
 * @param translations for devices whose φ is not their model's, may be empty
 */
public record DeviceGrant(
    int version, String site, String device, List<EpochKeys> epochs, List<Translation> translations)
    implements AutoCloseable {
  /** The version of grant files that is written and read. */
  public static final int VERSION = 1;

  /**
   * The keys of one epoch.
   *
   * @param epoch at least 1
   * @param requestKey opens what the device sends
   * @param replyKey seals what it is answered
   */
  public record EpochKeys(int epoch, SealKey requestKey, SealKey replyKey) {
    /**
     * @throws UserError when the epoch is out of range
     */
    public EpochKeys {
      if (epoch < 1) {
        throw new UserError("epoch is %d: give 1 or more".formatted(epoch));
      }
    }

    /** The keys that a device's secret gives. */
    public static EpochKeys derive(DeviceSecret secret, DeviceAddress device, int epoch) {
      return new EpochKeys(
          epoch,
          SealKeys.derive(secret, SealPurpose.REQUEST, device, epoch),
          SealKeys.derive(secret, SealPurpose.REPLY, device, epoch));
    }
  }

  /**
   * How the readouts of one spec become those of a model, whose mask is the same and whose φ is
   * not.
   *
   * @param model the model's id
   * @param spec the device's
   * @param table applied to every value
   */
  public record Translation(String model, SpecId spec, TranslationTable table) {}

  /**
   * @throws UserError when the version is unknown, a name is malformed, or there is no epoch or one
   *     twice
   */
  public DeviceGrant {
    if (version != VERSION) {
      throw new UserError(
          "version is %d, this program reads %d: write the grant anew with `provision grant`"
              .formatted(version, VERSION));
    }
    DeviceAddress _ = new DeviceAddress(site, device);
    epochs = List.copyOf(epochs);
    translations = List.copyOf(translations);
    if (epochs.isEmpty()) {
      throw new UserError("epochs is empty: give the keys of at least one epoch");
    }
    Set<Integer> seen = new HashSet<>();
    for (EpochKeys keys : epochs) {
      if (!seen.add(keys.epoch())) {
        throw new UserError("epoch %d is there twice: give it once".formatted(keys.epoch()));
      }
    }
  }

  /** A grant of this version. */
  public static DeviceGrant of(
      DeviceAddress address, List<EpochKeys> epochs, List<Translation> translations) {
    return new DeviceGrant(VERSION, address.site(), address.device(), epochs, translations);
  }

  /** Whose grant it is. */
  public DeviceAddress address() {
    return new DeviceAddress(site, device);
  }

  /** The keys of an epoch; empty when they are not granted. */
  public Optional<EpochKeys> keys(int epoch) {
    return epochs.stream().filter(keys -> keys.epoch() == epoch).findFirst();
  }

  /** How readouts of a spec become those of a model; empty when they do not. */
  public Optional<TranslationTable> translation(String model, SpecId spec) {
    return translations.stream()
        .filter(known -> known.model().equals(model) && known.spec().equals(spec))
        .map(Translation::table)
        .findFirst();
  }

  /** Overwrites the keys. */
  @Override
  public void close() {
    for (EpochKeys keys : epochs) {
      keys.requestKey().close();
      keys.replyKey().close();
    }
  }
}
