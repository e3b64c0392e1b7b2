package dev.blindsight.protocol.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class StrictMapperTest {
  enum Colour {
    DARK_RED,
    BLUE
  }

  record Leaf(int size, @Nullable String note) {}

  record Tree(
      String name,
      double heightMetres,
      boolean evergreen,
      Colour colour,
      List<Leaf> leaves,
      Map<String, Leaf> named) {}

  private static final String GOOD =
      """
      {"name": "fir", "height_metres": 3, "evergreen": true, "colour": "dark_red",
       "leaves": [{"size": 1}, {"size": 2, "note": "old"}], "named": {"top": {"size": 3}}}\
      """;

  @TempDir Path directory;

  @Test
  void read_goodDocument_bindsEveryKey() {
    assertThat(read(GOOD))
        .isEqualTo(
            new Tree(
                "fir",
                3.0,
                true,
                Colour.DARK_RED,
                List.of(new Leaf(1, null), new Leaf(2, "old")),
                Map.of("top", new Leaf(3, null))));
  }

  @Test
  void write_record_isOneLineInOrderThatReadsBack() {
    Tree tree = read(GOOD);
    String json = StrictMapper.json().write(tree);

    assertThat(json)
        .doesNotContain("\n", "null")
        .startsWith("{\"name\":\"fir\",\"height_metres\":3.0");
    assertThat(read(json)).isEqualTo(tree);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "evergreen" | "evergren"      | t.json: evergren: unknown key: did you mean evergreen?
          "size": 2   | "siz": 2        | t.json: leaves[1].siz: unknown key: did you mean size?
          "size": 3   | "zise": 3       | t.json: named.top.zise: unknown key: did you mean size?
          "size": 2,  | ''              | t.json: leaves[1].size: is missing: add it
          "size": 2   | "size": "2"     | t.json: leaves[1].size: expected a whole number in range, found "2"
          "size": 2   | "size": 2.0     | t.json: leaves[1].size: expected a whole number in range, found 2.0
          "size": 2   | "size": null    | t.json: leaves[1].size: is empty: give it a value
          "old"       | 7               | t.json: leaves[1].note: expected a text in quotes, found 7
          {"size": 1} | null            | t.json: leaves[0]: is empty: give it a value
          {"size": 1} | 5               | t.json: leaves[0]: expected the keys size, note, found 5
          true        | "true"          | t.json: evergreen: expected true or false, found "true"
          true        | 1               | t.json: evergreen: expected true or false, found 1
          dark_red    | DARK_RED        | t.json: colour: expected one of dark_red, blue, found "DARK_RED"
          "dark_red"  | 0               | t.json: colour: expected one of dark_red, blue, found 0
          "fir"       | null            | t.json: name: is empty: give it a value
          "fir"       | ["fir"]         | t.json: name: expected a text in quotes, found ["fir"]
          """)
  void read_oneThingWrong_isOneLineWithDocumentFieldAndRemedy(
      String right, String wrong, String message) {
    assertThat(GOOD).contains(right);

    assertThatThrownBy(() -> read(GOOD.replace(right, wrong)))
        .isInstanceOf(UserError.class)
        .hasMessage(message);
  }

  @Test
  void read_repeatedKey_isRefused() {
    assertThatThrownBy(() -> read(GOOD.replace("\"name\"", "\"name\": \"x\", \"name\"")))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("t.json: ")
        .hasMessageContaining("uplicate")
        .message()
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{\"name\": }", "[]", "''", "{} {}", "7", "null", "{", "\"text\""})
  void read_notOneObject_isOneLine(String text) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("t.json: ")
        .message()
        .hasLineCount(1);
  }

  @Test
  void read_syntaxError_saysWhere() {
    assertThatThrownBy(() -> read("{\"name\":\n  oops}"))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("t.json: line 2, column");
  }

  @Test
  void read_deeplyNested_isRefused() {
    assertThatThrownBy(() -> read("[".repeat(100_000)))
        .isInstanceOf(UserError.class)
        .message()
        .hasLineCount(1);
  }

  @Property
  void read_anyText_givesNothingButAUserErrorOfOneLine(@ForAll String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(UserError.class).message().hasLineCount(1);
  }

  @Test
  void read_missingOrForeignFile_namesIt() throws IOException {
    Path missing = directory.resolve("none.json");
    Path latin =
        Files.write(
            directory.resolve("latin.json"), "\u00e9".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> StrictMapper.json().read(missing, Tree.class))
        .isInstanceOf(UserError.class)
        .hasMessage(missing + ": no such file: check the path");
    assertThatThrownBy(() -> StrictMapper.json().read(latin, Tree.class))
        .isInstanceOf(UserError.class)
        .hasMessage(latin + ": is not UTF-8 text: save it as UTF-8");
    assertThatThrownBy(() -> StrictMapper.json().read(directory, Tree.class))
        .isInstanceOf(UserError.class);
  }

  private static Tree read(String json) {
    return StrictMapper.json().read(json, Tree.class, "t.json");
  }
}
