package dev.blindsight.camera.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SpoolRecordTest {
  private static final int CONTENT = 40;
  private static final int LENGTH = SpoolRecord.HEADER + CONTENT;

  @Property
  void scan_anyEntries_givesThemBack(
      @ForAll @Size(max = 5) List<@Size(max = 200) byte[]> contents,
      @ForAll @LongRange(min = 0, max = 1L << 62) long firstId,
      @ForAll long micros) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (int i = 0; i < contents.size(); i++) {
      file.writeBytes(entry(firstId + i, micros, contents.get(i)));
    }

    SpoolRecord.Scan scan = SpoolRecord.scan(file.toByteArray());

    assertThat(scan.damagedPlaces()).isZero();
    assertThat(scan.records()).hasSameSizeAs(contents);
    for (int i = 0; i < contents.size(); i++) {
      SpoolRecord record = scan.records().get(i);
      assertThat(record.id()).isEqualTo(firstId + i);
      assertThat(record.micros()).isEqualTo(micros);
      int begin = record.offset() + SpoolRecord.HEADER;
      assertThat(Arrays.copyOfRange(file.toByteArray(), begin, begin + record.contentLength()))
          .isEqualTo(contents.get(i));
    }
  }

  @Property
  void scan_oneByteChanged_losesThatRecordOnly(
      @ForAll @IntRange(min = 0, max = 5 * LENGTH - 1) int place,
      @ForAll @IntRange(min = 1, max = 255) int change) {
    byte[] file = fiveEntries();
    file[place] ^= (byte) change;

    SpoolRecord.Scan scan = SpoolRecord.scan(file);

    List<Long> others = new ArrayList<>(List.of(0L, 1L, 2L, 3L, 4L));
    others.remove((long) (place / LENGTH));
    assertThat(scan.records()).extracting(SpoolRecord::id).isEqualTo(others);
    assertThat(scan.damagedPlaces()).isEqualTo(1);
    assertThat(scan.damagedBytes()).isEqualTo(LENGTH);
  }

  @Property
  void scan_tornAnywhere_keepsTheWholeRecordsBeforeIt(
      @ForAll @IntRange(min = 0, max = 5 * LENGTH) int length) {
    SpoolRecord.Scan scan = SpoolRecord.scan(Arrays.copyOf(fiveEntries(), length));

    assertThat(scan.records()).hasSize(length / LENGTH);
    assertThat(scan.damagedBytes()).isEqualTo(length % LENGTH);
  }

  @Property
  void scan_runsOfNoiseBetweenRecords_findsAllRecords(
      @ForAll @Size(max = 100) byte[] before, @ForAll @Size(max = 100) byte[] between) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(before);
    file.writeBytes(entry(7, 1, new byte[3]));
    file.writeBytes(between);
    file.writeBytes(entry(8, 1, new byte[0]));

    assertThat(SpoolRecord.scan(file.toByteArray()).records())
        .extracting(SpoolRecord::id)
        .containsExactly(7L, 8L);
  }

  @Property
  void scan_noiseThatBeginsLikeARecord_givesNothingAndEnds(@ForAll @Size(max = 300) byte[] noise) {
    byte[] file = Arrays.copyOf(new byte[] {'B', 'S', 'R', 1}, 4 + noise.length);
    System.arraycopy(noise, 0, file, 4, noise.length);

    SpoolRecord.Scan scan = SpoolRecord.scan(file);

    assertThat(scan.records()).isEmpty();
    assertThat(scan.damagedBytes()).isEqualTo(file.length);
  }

  @Test
  void scan_manyByteChanges_neverInventsARecord() {
    Random random = new Random(1);
    for (int round = 0; round < 2_000; round++) {
      byte[] file = fiveEntries();
      for (int change = 0; change < 1 + random.nextInt(20); change++) {
        file[random.nextInt(file.length)] = (byte) random.nextInt();
      }

      for (SpoolRecord record : SpoolRecord.scan(file).records()) {
        assertThat(record.id()).isEqualTo(record.offset() / LENGTH);
        assertThat(record.contentLength()).isEqualTo(CONTENT);
      }
    }
  }

  @Test
  void encode_knownRecord_hasTheDocumentedBytes() {
    byte[] bytes = entry(0x0102, 0x0304, new byte[] {5, 6});

    assertThat(bytes).startsWith('B', 'S', 'R', 1, 0, 0, 0, 2);
    assertThat(Arrays.copyOfRange(bytes, 12, bytes.length))
        .containsExactly(1, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 4, 5, 6);
  }

  private static byte[] fiveEntries() {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (int id = 0; id < 5; id++) {
      byte[] content = new byte[CONTENT];
      Arrays.fill(content, (byte) id);
      file.writeBytes(entry(id, 1_000_000 + id, content));
    }
    return file.toByteArray();
  }

  private static byte[] entry(long id, long micros, byte[] content) {
    return SpoolRecord.encode(SpoolRecord.Kind.ENTRY, id, micros, content).array();
  }
}
