package dev.blindsight.camera.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.camera.soak.JournalEntry.Answered;
import dev.blindsight.camera.soak.JournalEntry.Connected;
import dev.blindsight.camera.soak.JournalEntry.Counted;
import dev.blindsight.camera.soak.JournalEntry.Spooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final List<JournalEntry> ENTRIES =
      List.of(
          new Connected(0, 1_795_000_000_000L),
          new Spooled(999, 17),
          new Answered(999, 17, "T-shirt/top", 0.125, 1_500_000),
          new Counted(4711, 3, 0));

  @TempDir Path folder;

  @Test
  void reader_whileTheJournalGrows_givesEachEntryOnce() throws IOException {
    Path file = folder.resolve("journal");
    List<JournalEntry> read = new ArrayList<>();
    try (JournalReader reader = JournalReader.open(file);
        Journal journal = Journal.append(file)) {
      for (JournalEntry entry : ENTRIES) {
        journal.write(entry);
        reader.drain(read::add);
        assertThat(read.getLast()).isEqualTo(entry);
      }
    }
    assertThat(read).isEqualTo(ENTRIES);
  }

  @Test
  void reader_halfALine_waitsForTheOtherHalf() throws IOException {
    Path file = folder.resolve("journal");
    List<JournalEntry> read = new ArrayList<>();
    try (JournalReader reader = JournalReader.open(file)) {
      append(file, "spooled\t1");
      reader.drain(read::add);
      assertThat(read).isEmpty();

      append(file, "2\t3\n");
      reader.drain(read::add);
    }
    assertThat(read).containsExactly(new Spooled(12, 3));
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  @Property
  void parse_anyText_neverThrows(@ForAll String line) {
    assertThat(JournalEntry.parse(line)).isNotNull();
  }
}
