package dev.blindsight.camera.sensor;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.NearestWord;
import dev.blindsight.protocol.readout.ReadoutSpec;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the provider of a source among those on the class path. */
public final class ReadoutSensors {
  private ReadoutSensors() {}

  /**
   * Opens the sensor a source names.
   *
   * @param spec what to read of each exposure
   * @param device the name the readouts carry
   * @throws UserError one line, when no provider knows the source or the provider refuses it
   */
  public static ReadoutSensor open(SensorSource source, ReadoutSpec spec, String device) {
    return provider(source).open(source, spec, device);
  }

  /**
   * The part of a source that one of several cameras plays.
   *
   * @param camera 0..cameras-1
   * @param cameras how many share it, at least 1
   * @throws UserError one line, when no provider knows the source
   */
  public static SensorSource share(SensorSource source, int camera, int cameras) {
    return provider(source).share(source, camera, cameras);
  }

  private static ReadoutSensorProvider provider(SensorSource source) {
    List<ReadoutSensorProvider> providers = providers();
    return providers.stream()
        .filter(provider -> chooses(source, provider))
        .findFirst()
        .orElseThrow(() -> unknown(source, providers));
  }

  /** All providers on the class path. */
  public static List<ReadoutSensorProvider> providers() {
    return ServiceLoader.load(ReadoutSensorProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  private static boolean chooses(SensorSource source, ReadoutSensorProvider provider) {
    return source.scheme().isEmpty()
        ? provider.recognises(source.location())
        : provider.kind().name().equals(source.scheme())
            || provider.aliases().contains(source.scheme());
  }

  private static UserError unknown(SensorSource source, List<ReadoutSensorProvider> providers) {
    List<String> schemes =
        providers.stream()
            .flatMap(provider ->
                Stream.concat(
                    Stream.of(provider.kind().name()), provider.aliases().stream().sorted()))
            .toList();
    if (source.scheme().isEmpty()) {
      return new UserError(
          "sensor source \"%s\": no sensor reads this: check the path, or name the sensor before it (%s)"
              .formatted(
                  source.withoutSecrets(),
                  schemes.stream().map(scheme -> scheme + ":").collect(Collectors.joining(", "))));
    }
    return new UserError(
        "sensor source \"%s\": unknown sensor %s: did you mean %s?"
            .formatted(
                source.withoutSecrets(),
                source.scheme(),
                NearestWord.to(source.scheme(), schemes)));
  }
}
