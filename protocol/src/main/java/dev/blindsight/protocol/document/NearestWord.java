package dev.blindsight.protocol.document;

import java.util.Collection;
import java.util.Comparator;

/**
 * Finds the word a person probably meant: the one with the smallest edit distance (Levenshtein
 * 1966: insertions, deletions and substitutions of one character).
 */
public final class NearestWord {
  /** Of a longer word only this many characters are compared. */
  private static final int LONGEST_WORD = 128;

  private NearestWord() {}

  /**
   * @param word what was written
   * @param known at least one candidate; of equally near ones the first wins
   * @throws java.util.NoSuchElementException when there is no candidate
   */
  public static String to(String word, Collection<String> known) {
    String start = word.substring(0, Math.min(word.length(), LONGEST_WORD));
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(start, candidate)))
        .orElseThrow();
  }

  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
