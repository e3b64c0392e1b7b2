package dev.blindsight.protocol.random;

import dev.blindsight.protocol.UserError;

/**
 * PyTorch's CPU generator: the 32-bit Mersenne twister mt19937 and {@code torch.randperm} over it.
 *
 * <p>Source: Matsumoto and Nishimura, "Mersenne Twister", 1998; seeding and {@code randperm} as in
 * PyTorch 1.13.1 ({@code at::mt19937}, {@code randperm_cpu}), which CoreNet 1aa3acd uses for its
 * masks and byte permutation. Not for secrets: its state can be computed from its output.
 *
 * <p>Not thread-safe.
 */
public final class TorchGenerator {
  /** PyTorch shuffles by 32-bit draws below this size, and by another algorithm from it on. */
  private static final int PERMUTATION_LIMIT = (int) (0xFFFF_FFFFL / 20);

  private static final int WORDS = 624;
  private static final int OFFSET = 397;
  private static final int UPPER_BIT = 0x8000_0000;
  private static final int LOWER_BITS = 0x7FFF_FFFF;
  private static final int TWIST = 0x9908_B0DF;

  private final int[] state = new int[WORDS];
  private int next = WORDS;

  /**
   * @param seed only its low 32 bits count, as in PyTorch
   */
  public TorchGenerator(long seed) {
    state[0] = (int) seed;
    for (int j = 1; j < WORDS; j++) {
      state[j] = 1_812_433_253 * (state[j - 1] ^ (state[j - 1] >>> 30)) + j;
    }
  }

  /** The next output, 0..2^32-1. */
  public long nextUnsignedInt() {
    if (next == WORDS) {
      twist();
    }
    int y = state[next++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9D2C_5680;
    y ^= (y << 15) & 0xEFC6_0000;
    y ^= y >>> 18;
    return Integer.toUnsignedLong(y);
  }

  /**
   * {@code torch.randperm(n)}: a permutation of 0..n-1 by n-1 draws. The remainder it takes of each
   * draw favours low indices by up to n / 2^32; it is kept because the published masks have it.
   *
   * @param n 0..214748363
   * @throws UserError when n is out of range
   */
  public int[] permutation(int n) {
    if (n < 0 || n >= PERMUTATION_LIMIT) {
      throw new UserError(
          "a corenet permutation of %d elements is not defined: give fewer than %d"
              .formatted(n, PERMUTATION_LIMIT));
    }
    int[] permutation = new int[n];
    for (int i = 0; i < n; i++) {
      permutation[i] = i;
    }
    for (int i = 0; i < n - 1; i++) {
      int j = i + (int) (nextUnsignedInt() % (n - i));
      int swapped = permutation[i];
      permutation[i] = permutation[j];
      permutation[j] = swapped;
    }
    return permutation;
  }

  private void twist() {
    for (int k = 0; k < WORDS; k++) {
      int following = state[(k + 1) % WORDS];
      int y = (state[k] & UPPER_BIT) | (following & LOWER_BITS);
      // The published text tests the parity of the following word, which has the parity of y.
      state[k] = state[(k + OFFSET) % WORDS] ^ (y >>> 1) ^ ((y & 1) == 0 ? 0 : TWIST);
    }
    next = 0;
  }
}
