package dev.blindsight.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.blindsight.protocol.message.wire.SealedBatch;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedBatchCodecTest {
  @Property
  void decode_anyBatchEncoded_givesItsEnvelopesBackInOrder(
      @ForAll @Size(min = 1, max = SealedBatchCodec.MOST)
          List<@Size(min = 1, max = 300) byte[]> envelopes)
      throws MalformedMessageException {
    assertThat(SealedBatchCodec.decode(SealedBatchCodec.encode(envelopes)))
        .containsExactlyElementsOf(envelopes);
  }

  @Property
  void decode_anyBytes_givesEnvelopesOrTheDocumentedException(@ForAll byte[] bytes) {
    decodeOrRefuse(bytes);
  }

  @Property
  void decode_mutatedBatch_givesEnvelopesOrTheDocumentedException(
      @ForAll @IntRange(max = 200) int place, @ForAll byte replacement) {
    byte[] bytes = SealedBatchCodec.encode(List.of(new byte[50], new byte[60], new byte[70]));
    bytes[Math.min(place, bytes.length - 1)] = replacement;

    decodeOrRefuse(bytes);
  }

  private static void decodeOrRefuse(byte[] bytes) {
    try {
      assertThat(SealedBatchCodec.decode(bytes)).isNotEmpty().noneMatch(item -> item.length == 0);
    } catch (MalformedMessageException e) {
      assertThat(e.getMessage()).startsWith("sealed batch");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, SealedBatchCodec.MOST + 1})
  void decode_noneOrTooMany_isRefused(int count) {
    byte[] bytes =
        SealedBatch.newBuilder()
            .setVersion(1)
            .addAllEnvelopes(Collections.nCopies(count, ByteString.copyFrom(new byte[1])))
            .build()
            .toByteArray();

    assertThatThrownBy(() -> SealedBatchCodec.decode(bytes))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("sealed batch: there are %d envelopes, not 1..64".formatted(count));
  }

  @Test
  void decode_emptyEnvelope_isRefused() {
    byte[] bytes = SealedBatchCodec.encode(List.of(new byte[1], new byte[0]));

    assertThatThrownBy(() -> SealedBatchCodec.decode(bytes))
        .hasMessage("sealed batch: an envelope is empty");
  }

  @Test
  void decode_tooLong_isRefusedBeforeItIsParsed() {
    assertThatThrownBy(() -> SealedBatchCodec.decode(new byte[SealedBatchCodec.LONGEST + 1]))
        .hasMessage("sealed batch has 131073 bytes, more than 131072");
  }

  @Test
  void decode_anotherVersion_isRefused() {
    byte[] bytes =
        SealedBatch.newBuilder()
            .setVersion(2)
            .addEnvelopes(ByteString.copyFrom(new byte[1]))
            .build()
            .toByteArray();

    assertThatThrownBy(() -> SealedBatchCodec.decode(bytes))
        .hasMessage("sealed batch has version 2, this program reads 1");
  }
}
