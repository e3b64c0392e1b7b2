package dev.blindsight.protocol.message;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.blindsight.protocol.UserError;
import java.time.DateTimeException;

/**
 * What decoding of all messages shares: the length bound, the version, and one kind of exception.
 */
final class WireFormat {
  /** The version of the schema that is written and read. */
  static final int VERSION = 1;

  private static final int DEEPEST_NESTING = 8;

  private WireFormat() {}

  /** Turns a parsed message into a checked value. */
  @FunctionalInterface
  interface Conversion<W, T> {
    T convert(W wire) throws MalformedMessageException;
  }

  /**
   * Decodes bytes that came from outside: length first, then syntax, then every field.
   *
   * @param name of the message, for errors
   * @param longest the most bytes such a message may have
   */
  static <W extends Message, T> T decode(
      String name, byte[] bytes, int longest, Parser<W> parser, Conversion<W, T> conversion)
      throws MalformedMessageException {
    if (bytes.length > longest) {
      throw new MalformedMessageException(
          "%s has %d bytes, more than %d".formatted(name, bytes.length, longest));
    }
    try {
      CodedInputStream input = CodedInputStream.newInstance(bytes);
      input.setRecursionLimit(DEEPEST_NESTING);
      W wire = parser.parseFrom(input);
      input.checkLastTagWas(0);
      return conversion.convert(wire);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedMessageException(name + " is not a protobuf message", e);
    } catch (UserError | IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new MalformedMessageException(name + ": " + e.getMessage(), e);
    }
  }

  static void requireVersion(String name, int version) throws MalformedMessageException {
    if (version != VERSION) {
      throw new MalformedMessageException(
          "%s has version %s, this program reads %d"
              .formatted(name, Integer.toUnsignedString(version), VERSION));
    }
  }
}
