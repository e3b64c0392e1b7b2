package dev.blindsight.camera.proof;

import java.util.Optional;

/** What an array in a heap dump is made of (HPROF binary format, basic types). */
public enum ElementType {
  BOOLEAN(4, 1),
  CHAR(5, 2),
  FLOAT(6, 4),
  DOUBLE(7, 8),
  BYTE(8, 1),
  SHORT(9, 2),
  INT(10, 4),
  LONG(11, 8);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** How long an element is. */
  public int bytes() {
    return bytes;
  }

  static Optional<ElementType> of(int code) {
    for (ElementType type : values()) {
      if (type.code == code) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
