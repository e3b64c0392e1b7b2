package dev.blindsight.camera.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads enum constants as they are written in files and help: in lower case. */
final class LowerCaseConverter<E extends Enum<E>> implements ITypeConverter<E> {
  private final Class<E> type;

  LowerCaseConverter(Class<E> type) {
    this.type = type;
  }

  @Override
  public E convert(String text) {
    E[] constants = type.getEnumConstants();
    return Arrays.stream(constants)
        .filter(constant -> name(constant).equals(text))
        .findFirst()
        .orElseThrow(() -> unknown(text, constants));
  }

  private static <E extends Enum<E>> TypeConversionException unknown(String text, E[] constants) {
    return new TypeConversionException(
        Arrays.stream(constants)
            .map(LowerCaseConverter::name)
            .collect(Collectors.joining(", ", "'" + text + "' is not one of ", "")));
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
