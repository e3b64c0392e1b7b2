package dev.blindsight.protocol.readout;

import dev.blindsight.protocol.document.StrictMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What PyTorch and CoreNet compute, from the test resource {@code corenet-masks.json}. */
public record CorenetVectors(
    String note,
    List<Long> mt19937Seed2147483647,
    List<Long> mt19937Seed5489,
    List<Mask> masks,
    List<Integer> permutation) {
  /** One mask. */
  public record Mask(
      int elements,
      double keep,
      int kept,
      List<Integer> permutationStarts,
      List<Integer> channelsStart,
      List<Integer> channelsEnd,
      long sum,
      String sha256) {}

  public static CorenetVectors load() {
    try (InputStream in = CorenetVectors.class.getResourceAsStream("corenet-masks.json")) {
      String json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return StrictMapper.json().read(json, CorenetVectors.class, "corenet-masks.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
