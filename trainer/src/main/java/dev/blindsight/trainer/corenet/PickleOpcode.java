package dev.blindsight.trainer.corenet;

import org.jspecify.annotations.Nullable;

/** The opcodes of pickle protocol 2 that torch.save uses (CPython, Lib/pickletools.py). */
enum PickleOpcode {
  MARK('('),
  STOP('.'),
  BININT('J'),
  BININT1('K'),
  BININT2('M'),
  NONE('N'),
  BINPERSID('Q'),
  REDUCE('R'),
  BINFLOAT('G'),
  BINUNICODE('X'),
  EMPTY_TUPLE(')'),
  EMPTY_LIST(']'),
  APPEND('a'),
  BUILD('b'),
  GLOBAL('c'),
  APPENDS('e'),
  BINGET('h'),
  LONG_BINGET('j'),
  BINPUT('q'),
  LONG_BINPUT('r'),
  SETITEM('s'),
  TUPLE('t'),
  SETITEMS('u'),
  EMPTY_DICT('}'),
  PROTO(0x80),
  TUPLE1(0x85),
  TUPLE2(0x86),
  TUPLE3(0x87),
  NEWTRUE(0x88),
  NEWFALSE(0x89),
  LONG1(0x8a);

  private static final @Nullable PickleOpcode[] BY_CODE = new PickleOpcode[256];

  static {
    for (PickleOpcode opcode : values()) {
      BY_CODE[opcode.code] = opcode;
    }
  }

  private final int code;

  PickleOpcode(int code) {
    this.code = code;
  }

  /** The opcode of a byte 0..255, or null when there is none. */
  static @Nullable PickleOpcode of(int code) {
    return BY_CODE[code];
  }
}
