package dev.blindsight.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.model.LayerPlan;
import dev.blindsight.trainer.onnx.WindowPart.Tokens;
import dev.blindsight.trainer.onnx.WindowPart.Zeros;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WindowLayoutTest {

  @Test
  void reference_lastWindowMostlyZeros_keepsOneThatCountsForAll() {
    // 300 tokens in windows of 128: the last holds 44 tokens and 84 zeros.
    assertThat(WindowLayout.reference(plan(300, 128, 0), false))
        .containsExactly(
            new WindowGroup(128, List.of(new Tokens(0, 256)), 1),
            new WindowGroup(45, List.of(new Tokens(256, 300), new Zeros(1)), 84));
  }

  @Test
  void reference_shifted_firstTokensJoinTheLastWindow() {
    assertThat(WindowLayout.reference(plan(313, 128, 64), false))
        .containsExactly(
            new WindowGroup(128, List.of(new Tokens(64, 313), new Zeros(7)), 1),
            new WindowGroup(65, List.of(new Tokens(0, 64), new Zeros(1)), 64));
  }

  @Test
  void reference_zerosThatMatterByPlace_stayWhereTheyAre() {
    assertThat(WindowLayout.reference(plan(19, 64, 32), true))
        .containsExactly(
            new WindowGroup(64, List.of(new Zeros(32), new Tokens(0, 19), new Zeros(13)), 1));
  }

  @Test
  void reference_manyWindows_equalChunksAndARest() {
    assertThat(WindowLayout.reference(plan(640, 128, 0), false))
        .containsExactly(
            new WindowGroup(128, List.of(new Tokens(0, 256)), 1),
            new WindowGroup(128, List.of(new Tokens(256, 512)), 1),
            new WindowGroup(128, List.of(new Tokens(512, 640)), 1));
  }

  @Test
  void batchInvariant_shifted_windowsAtTheEndsAreShorter() {
    assertThat(WindowLayout.batchInvariant(plan(38, 16, 8)))
        .containsExactly(
            new WindowGroup(8, List.of(new Tokens(0, 8)), 1),
            new WindowGroup(16, List.of(new Tokens(8, 24)), 1),
            new WindowGroup(14, List.of(new Tokens(24, 38)), 1));
  }

  @Property
  void layouts_any_holdEachTokenOnce(
      @ForAll @IntRange(min = 1, max = 3000) int tokens,
      @ForAll @IntRange(min = 1, max = 200) int window,
      @ForAll @IntRange(max = 199) int shift,
      @ForAll boolean keepsZeros) {
    LayerPlan plan = plan(tokens, window, shift % window);
    for (List<WindowGroup> groups :
        List.of(WindowLayout.reference(plan, keepsZeros), WindowLayout.batchInvariant(plan))) {
      int[] seen = new int[tokens];
      for (WindowGroup group : groups) {
        for (WindowPart part : group.parts()) {
          if (part instanceof Tokens(int from, int to)) {
            Arrays.setAll(seen, i -> seen[i] + (i >= from && i < to ? 1 : 0));
          }
        }
      }
      assertThat(seen).containsOnly(1);
    }
  }

  private static LayerPlan plan(int tokens, int window, int shift) {
    int windows = Math.ceilDiv(tokens, window);
    return new LayerPlan(0, tokens, window, windows * window, windows, shift, false, tokens);
  }
}
