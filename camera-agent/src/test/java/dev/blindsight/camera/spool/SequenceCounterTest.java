package dev.blindsight.camera.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequenceCounterTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final long MICROS = NOW.getEpochSecond() * 1_000_000;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("counter.json");
  }

  @Test
  void next_newFile_beginsAtTheClocksMicroseconds() {
    SequenceCounter counter = open(NOW);

    assertThat(counter.next()).isEqualTo(MICROS);
    assertThat(counter.next()).isEqualTo(MICROS + 1);
  }

  @Test
  void next_overSeveralBlocks_neverRepeats() {
    SequenceCounter counter = open(NOW);
    long first = counter.next();

    long last = first;
    for (long i = 0; i < 2 * SequenceCounter.BLOCK; i++) {
      last = counter.next();
    }

    assertThat(last).isEqualTo(first + 2 * SequenceCounter.BLOCK);
    assertThat(open(NOW).next()).isGreaterThan(last);
  }

  @Test
  void next_restartAtTheSameInstant_isBeyondAllThatMayHaveBeenGiven() {
    long last = 0;
    for (int start = 0; start < 20; start++) {
      SequenceCounter counter = open(NOW);
      for (int i = 0; i < 3; i++) {
        long next = counter.next();
        assertThat(next).isGreaterThan(last);
        last = next;
      }
    }
  }

  @Test
  void next_anotherProcessCountedAfterOpening_goesOnBeyondIt() {
    open(NOW).next();
    SequenceCounter counter = open(NOW);
    long last = open(NOW).next();

    assertThat(counter.next()).isGreaterThan(last);
  }

  @Test
  void next_clockWentBack_goesOnFromTheFile() {
    long before = open(NOW).next();

    SequenceCounter counter = open(NOW.minusSeconds(86_400));

    assertThat(counter.next()).isEqualTo(before + SequenceCounter.BLOCK);
  }

  @Test
  void next_fileLost_goesOnFromTheClockUnderAnotherSalt() throws IOException {
    SequenceCounter counter = open(NOW);
    long before = counter.next();
    Files.delete(file);

    SequenceCounter anew = open(NOW.plusSeconds(1));

    assertThat(anew.next()).isGreaterThan(before);
    assertThat(anew.salt()).isNotEqualTo(counter.salt());
  }

  @Test
  void next_olderFileCopiedBack_goesOnFromTheClock() throws IOException {
    open(NOW).next();
    byte[] copy = Files.readAllBytes(file);
    long last = open(NOW.plusSeconds(10)).next();
    Files.write(file, copy);

    assertThat(open(NOW.plusSeconds(20)).next()).isGreaterThan(last);
  }

  @Test
  void salt_restart_staysTheSame() {
    SequenceCounter counter = open(NOW);
    counter.next();

    assertThat(open(NOW).salt()).isEqualTo(counter.salt());
  }

  @Test
  void open_damagedFile_countsAnewUnderAnotherSalt() throws IOException {
    SequenceCounter counter = open(NOW);
    counter.next();
    for (String content :
        new String[] {
          "",
          "{",
          "{\"version\":2,\"salt\":\"00000000\",\"reserved\":1}",
          "{\"version\":1,\"salt\":\"wxyzwxyz\",\"reserved\":1}",
          "{\"version\":1,\"salt\":\"00000000\",\"reserved\":-1}"
        }) {
      Files.writeString(file, content);

      SequenceCounter anew = open(NOW);

      assertThat(anew.salt()).isNotEqualTo(counter.salt());
      assertThat(anew.next()).isEqualTo(MICROS);
    }
  }

  @Test
  void next_folderGone_failsAndGoesOnOnceItIsBack() throws IOException {
    SequenceCounter counter = open(NOW);
    Files.delete(folder);

    assertThatThrownBy(counter::next).isInstanceOf(UserError.class).hasMessageContaining("exist");

    Files.createDirectory(folder);
    assertThat(counter.next()).isEqualTo(MICROS);
  }

  @Test
  void next_manyThreads_givesEachNumberOnce() {
    SequenceCounter counter = open(NOW);

    Set<Long> given =
        new HashSet<>(IntStream.range(0, 10_000).parallel().mapToObj(_ -> counter.next()).toList());

    assertThat(given).hasSize(10_000);
  }

  private SequenceCounter open(Instant now) {
    return SequenceCounter.open(file, InstantSource.fixed(now));
  }
}
