package dev.blindsight.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.readout.ChannelMask;
import dev.blindsight.protocol.readout.SensorGeometry;
import dev.blindsight.trainer.recipe.Augmentation;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class BatchStreamTest {
  private static final int PICTURES = 50;

  /** Every picture's value is its index. */
  private static ReadoutAugmenter numbered(int pictures) {
    byte[][] values = new byte[pictures][1];
    for (int i = 0; i < pictures; i++) {
      values[i][0] = (byte) i;
    }
    SensorGeometry geometry = new SensorGeometry(1, 1, 1);
    return new ReadoutAugmenter(
        Pictures.of(geometry, values, new int[pictures]),
        ChannelMask.corenet(1, 1),
        Augmentation.NONE,
        2,
        7);
  }

  private static List<Integer> take(BatchStream stream, int batches) throws InterruptedException {
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < batches; i++) {
      for (int token : stream.next().tokens()) {
        taken.add(token);
      }
    }
    return taken;
  }

  @Test
  void next_inOneEpoch_showsNoPictureTwice() throws InterruptedException {
    try (BatchStream stream = new BatchStream(numbered(PICTURES), 8, 0, 2)) {
      List<Integer> first = take(stream, 6);
      List<Integer> second = take(stream, 6);

      assertThat(first).hasSize(48).doesNotHaveDuplicates();
      assertThat(second).hasSize(48).doesNotHaveDuplicates().isNotEqualTo(first);
      assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void next_fromALaterEpoch_goesOnAsIfFromTheStart() throws InterruptedException {
    try (BatchStream whole = new BatchStream(numbered(PICTURES), 8, 0, 3);
        BatchStream late = new BatchStream(numbered(PICTURES), 8, 2, 3)) {
      take(whole, 12);

      assertThat(take(late, 6)).isEqualTo(take(whole, 6));
    }
  }

  @Test
  void next_fewerPicturesThanABatch_givesThemAll() throws InterruptedException {
    try (BatchStream stream = new BatchStream(numbered(5), 8, 0, 1)) {
      Batch batch = stream.next();

      assertThat(batch.size()).isEqualTo(5);
      assertThat(batch.epoch()).isZero();
      assertThat(batch.tokens()).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
      assertThat(batch.targets()).containsExactly(1, 0, 1, 0, 1, 0, 1, 0, 1, 0);
    }
    assertThat(BatchStream.batchesPerEpoch(5, 8)).isEqualTo(1);
  }

  @Test
  void close_whileBatchesWait_endsTheirMaker() {
    BatchStream stream = new BatchStream(numbered(PICTURES), 1, 0, Integer.MAX_VALUE);

    stream.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("batches") && thread.isAlive());
  }
}
