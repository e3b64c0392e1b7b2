package dev.blindsight.trainer.corenet;

/** Names out of an untrusted file, made fit to stand in a message of one line. */
final class Printable {
  private static final int LONGEST = 100;

  private Printable() {}

  /** The name without control characters and line breaks, cut to {@value #LONGEST} characters. */
  static String of(String name) {
    StringBuilder text = new StringBuilder();
    name.codePoints()
        .limit(LONGEST)
        .map(character -> isPrintable(character) ? character : '?')
        .forEach(text::appendCodePoint);
    return name.codePointCount(0, name.length()) > LONGEST ? text + "…" : text.toString();
  }

  private static boolean isPrintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
