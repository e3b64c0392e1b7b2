package dev.blindsight.protocol.seal;

import static dev.blindsight.protocol.seal.Fixtures.HALL;
import static dev.blindsight.protocol.seal.Fixtures.NOW;
import static dev.blindsight.protocol.seal.Fixtures.SALT;
import static dev.blindsight.protocol.seal.Fixtures.YARD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.keys.SealPurpose;
import dev.blindsight.protocol.message.ClassificationReply;
import dev.blindsight.protocol.message.ReadoutPayload;
import dev.blindsight.protocol.message.ReadoutRequest;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  @Property(tries = 300)
  void open_anyRequestSealed_givesItBackWithItsEpochAndSequence(
      @ForAll @Size(min = 1, max = 2000) byte[] values,
      @ForAll @LongRange(min = 0) long sequence,
      @ForAll @IntRange(min = 1) int epoch)
      throws SealException {
    ReadoutRequest request = Fixtures.request(HALL, values);

    byte[] sealed = Fixtures.sealer(HALL, epoch).seal(request, sequence, NOW);
    OpenedRequest opened = Fixtures.opener(Fixtures.onlyHall(epoch)).open(HALL, sealed);

    assertThat(opened).isEqualTo(new OpenedRequest(request.sentAt(NOW), epoch, sequence));
  }

  @Test
  void open_longestRequest_givesItBack() throws SealException {
    ReadoutRequest request = Fixtures.request(HALL, new byte[ReadoutPayload.LONGEST]);

    byte[] sealed = Fixtures.sealer(HALL, 1).seal(request, 0, NOW);

    assertThat(sealed).hasSizeLessThanOrEqualTo(SealedContent.LONGEST);
    assertThat(Fixtures.opener(Fixtures.onlyHall(1)).open(HALL, sealed).request())
        .isEqualTo(request.sentAt(NOW));
  }

  @Property(tries = 100)
  void open_anyReplySealed_givesItBack(
      @ForAll @LongRange(min = 0) long sequence, @ForAll @IntRange(min = 1) int epoch)
      throws SealException {
    OpenedRequest asked = new OpenedRequest(Fixtures.request(HALL, (byte) 1), epoch, sequence);
    ClassificationReply reply = Fixtures.reply();

    byte[] sealed = new ReplySealer(Fixtures.onlyHall(epoch)).seal(asked, reply);

    assertThat(Fixtures.replyOpener(HALL, epoch).open(sealed)).isEqualTo(reply);
  }

  @Property(tries = 300)
  void open_anyRecordSealedAtRest_givesItBack(
      @ForAll byte[] record, @ForAll @LongRange(min = 0) long sequence) throws SealException {
    byte[] sealed = atRest(1).seal(record, sequence);

    assertThat(atRest(1).open(sealed)).isEqualTo(record);
  }

  private static AtRestSealer atRest(int epoch) {
    return new AtRestSealer(Fixtures.key(SealPurpose.SPOOL, HALL, epoch), HALL, epoch, SALT);
  }

  @Test
  void open_recordOfAnotherEpochOrDevice_isRefused() {
    byte[] sealed = atRest(1).seal(new byte[5], 1);

    assertThatThrownBy(() -> atRest(2).open(sealed))
        .isInstanceOfSatisfying(
            SealException.class,
            e -> assertThat(e.reason()).isEqualTo(SealRejection.UNKNOWN_EPOCH));
    assertThatThrownBy(() ->
            new AtRestSealer(Fixtures.key(SealPurpose.SPOOL, YARD, 1), YARD, 1, SALT).open(sealed))
        .isInstanceOfSatisfying(
            SealException.class, e -> assertThat(e.reason()).isEqualTo(SealRejection.WRONG_DEVICE));
  }

  @Test
  void seal_sequenceUsedBefore_isRefused() {
    RequestSealer sealer = Fixtures.sealer(HALL, 1);
    ReadoutRequest request = Fixtures.request(HALL, (byte) 1);
    sealer.seal(request, 7, NOW);
    AtRestSealer disk = atRest(1);
    disk.seal(new byte[1], 7);

    assertThatThrownBy(() -> sealer.seal(request, 7, NOW))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("sequence 7");
    assertThatThrownBy(() -> disk.seal(new byte[1], 7)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void seal_requestOfAnotherDevice_isRefused() {
    assertThatThrownBy(
            () -> Fixtures.sealer(HALL, 1).seal(Fixtures.request(YARD, (byte) 1), 1, NOW))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void seal_replyAfterTheGrantIsWithdrawn_isRefused() {
    OpenedRequest asked = new OpenedRequest(Fixtures.request(YARD, (byte) 1), 1, 1);
    OpenedRequest earlier = new OpenedRequest(Fixtures.request(HALL, (byte) 1), 1, 1);
    ReplySealer sealer = new ReplySealer(Fixtures.onlyHall(2));

    assertThatThrownBy(() -> sealer.seal(asked, Fixtures.reply()))
        .isInstanceOf(SealException.class)
        .hasMessageContaining("home/yard");
    assertThatThrownBy(() -> sealer.seal(earlier, Fixtures.reply()))
        .isInstanceOf(SealException.class)
        .hasMessageContaining("epoch 1");
  }
}
