package dev.blindsight.camera.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfTestRecordsTest {
  private static final String DIGEST = "ab".repeat(32);

  @TempDir Path directory;

  @Test
  void passed_remembered_isKnownToTheNextProcess() {
    Path file = directory.resolve("a/b/state.json");

    assertThat(new SelfTestRecords(file).remember(DIGEST)).isNull();

    assertThat(new SelfTestRecords(file).passed(DIGEST)).isTrue();
    assertThat(new SelfTestRecords(file).passed("cd".repeat(32))).isFalse();
  }

  @Test
  void remember_more_forgetsTheOldest() {
    SelfTestRecords records = new SelfTestRecords(directory.resolve("state.json"));
    for (int i = 0; i < 70; i++) {
      assertThat(records.remember(digest(i))).isNull();
    }

    assertThat(records.passed(digest(5))).isFalse();
    assertThat(records.passed(digest(6))).isTrue();
    assertThat(records.passed(digest(69))).isTrue();
  }

  @Test
  void of_environment_prefersAnAbsoluteStateHome() {
    SelfTestRecords records = SelfTestRecords.of(Map.of("XDG_STATE_HOME", directory.toString()));

    assertThat(records.remember(DIGEST)).isNull();

    assertThat(directory.resolve("blindsight/self-tests.json")).isRegularFile();
  }

  @Property(tries = 200)
  void passed_anyContent_neverFails(@ForAll byte[] content, @ForAll boolean likeARecord)
      throws IOException {
    Path file = Files.createTempFile("state", ".json");
    try {
      String start = likeARecord ? "{\"version\":1,\"passed\":[\"" : "";
      byte[] prefix = start.getBytes(StandardCharsets.UTF_8);
      byte[] whole = new byte[prefix.length + content.length];
      System.arraycopy(prefix, 0, whole, 0, prefix.length);
      System.arraycopy(content, 0, whole, prefix.length, content.length);
      Files.write(file, whole);

      assertThat(new SelfTestRecords(file).passed(DIGEST)).isFalse();
      assertThat(new SelfTestRecords(file).remember(DIGEST)).isNull();
      assertThat(new SelfTestRecords(file).passed(DIGEST)).isTrue();
    } finally {
      Files.delete(file);
    }
  }

  private static String digest(int number) {
    return "%064x".formatted(number);
  }
}
