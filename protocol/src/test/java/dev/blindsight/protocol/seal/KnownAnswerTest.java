package dev.blindsight.protocol.seal;

import static dev.blindsight.protocol.seal.Fixtures.HALL;
import static dev.blindsight.protocol.seal.Fixtures.NOW;
import static dev.blindsight.protocol.seal.Fixtures.SALT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.keys.SealKey;
import dev.blindsight.protocol.keys.SealKeys;
import dev.blindsight.protocol.keys.SealPurpose;
import dev.blindsight.protocol.message.ClassificationReplyCodec;
import dev.blindsight.protocol.message.ReadoutRequest;
import dev.blindsight.protocol.message.ReadoutRequestCodec;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the specification's vectors say, which an independent implementation made: Python's
 * cryptography 38.0.4 for HKDF and AES-GCM, header and protobuf written by hand.
 */
class KnownAnswerTest {
  private static final HexFormat HEX = HexFormat.of();

  private Vectors vectors;
  private DeviceSecret secret;
  private DeviceAddress device;

  /** The vector file; {@code text} is what is sealed. */
  record Vectors(
      String secret, String site, String device, int epoch, Case request, Case reply, Case spool) {}

  record Case(
      String purpose,
      String info,
      String key,
      long sequence,
      String nonce,
      String header,
      String text,
      String envelope) {}

  @BeforeEach
  void read() throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("vectors.json"))) {
      vectors =
          StrictMapper.json()
              .read(
                  new String(in.readAllBytes(), StandardCharsets.UTF_8), Vectors.class, "vectors");
    }
    secret = DeviceSecret.of(HEX.parseHex(vectors.secret()));
    device = new DeviceAddress(vectors.site(), vectors.device());
  }

  @Test
  void derive_eachPurpose_givesTheVectorsKey() {
    assertThat(sealedBy(SealPurpose.REQUEST)).isEqualTo(sealedBy(vectors.request()));
    assertThat(sealedBy(SealPurpose.REPLY)).isEqualTo(sealedBy(vectors.reply()));
    assertThat(sealedBy(SealPurpose.SPOOL)).isEqualTo(sealedBy(vectors.spool()));
  }

  /** A key shows itself only by what it seals. */
  private byte[] sealedBy(SealPurpose purpose) {
    return sealedBy(SealKeys.derive(secret, purpose, device, vectors.epoch()));
  }

  private static byte[] sealedBy(Case vector) {
    return sealedBy(SealKey.ofHex(vector.key()));
  }

  private static byte[] sealedBy(SealKey key) {
    byte[] sealed = new byte[SealKey.TAG_BYTES];
    key.seal(new byte[SealKey.NONCE_BYTES], new byte[0], sealed, 0);
    return sealed;
  }

  @Test
  void seal_request_givesTheVectorsEnvelope() throws Exception {
    ReadoutRequest request = ReadoutRequestCodec.decode(HEX.parseHex(vectors.request().text()));
    SealKey key = SealKey.ofHex(vectors.request().key());

    byte[] sealed =
        new RequestSealer(key, device, vectors.epoch(), SALT)
            .seal(request, vectors.request().sequence(), NOW);

    assertThat(HEX.formatHex(sealed)).isEqualTo(vectors.request().envelope());
    assertThat(request).isEqualTo(Fixtures.request(HALL, HEX.parseHex("00017f80ff")).sentAt(NOW));
  }

  @Test
  void open_requestsVector_givesTheRequest() throws SealException {
    OpenedRequest opened =
        Fixtures.opener(Fixtures.onlyHall(vectors.epoch()))
            .open(device, HEX.parseHex(vectors.request().envelope()));

    assertThat(HEX.formatHex(ReadoutRequestCodec.encode(opened.request())))
        .isEqualTo(vectors.request().text());
    assertThat(opened.sequence()).isEqualTo(vectors.request().sequence());
  }

  @Test
  void seal_replyUnderTheVectorsNonce_givesTheVectorsEnvelope() {
    Case vector = vectors.reply();
    EnvelopeHeader header =
        new EnvelopeHeader(
            EnvelopeKind.REPLY,
            vectors.epoch(),
            Nonce.read(ByteBuffer.wrap(HEX.parseHex(vector.nonce()))),
            vector.sequence(),
            device,
            Fixtures.reply().modelId());
    byte[] text = ClassificationReplyCodec.encode(Fixtures.reply());

    byte[] sealed = Envelope.seal(header, SealKey.ofHex(vector.key()), text);

    assertThat(HEX.formatHex(text)).isEqualTo(vector.text());
    assertThat(HEX.formatHex(sealed)).isEqualTo(vector.envelope()).startsWith(vector.header());
  }

  @Test
  void open_repliesVector_givesTheReply() throws SealException {
    Case vector = vectors.reply();
    ReplyOpener opener = new ReplyOpener(_ -> Optional.of(SealKey.ofHex(vector.key())), device);

    assertThat(opener.open(HEX.parseHex(vector.envelope()))).isEqualTo(Fixtures.reply());
  }

  @Test
  void sealAndOpen_atRest_agreeWithTheVector() throws SealException {
    Case vector = vectors.spool();
    AtRestSealer sealer =
        new AtRestSealer(SealKey.ofHex(vector.key()), device, vectors.epoch(), SALT);

    byte[] sealed = sealer.seal(HEX.parseHex(vector.text()), vector.sequence());

    assertThat(HEX.formatHex(sealed)).isEqualTo(vector.envelope()).startsWith(vector.header());
    assertThat(HEX.formatHex(sealer.open(sealed))).isEqualTo(vector.text());
  }
}
