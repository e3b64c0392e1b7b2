package dev.blindsight.camera.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LockedMemoryTest {
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ");

  @Test
  void allocate_anyLength_isThatLongAndZeroAndBeginsAtAPage() {
    try (LockedMemory memory = LockedMemory.allocate(15_052)) {
      MemorySegment segment = memory.segment();

      assertThat(segment.byteSize()).isEqualTo(15_052);
      assertThat(segment.address() % 4096).isZero();
      assertThat(segment.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
    }
  }

  /** The kernel's own account of the mapping (proc_pid_smaps): lo = locked, dd = not dumped. */
  @Test
  void protection_asTold_isWhatTheKernelSays() throws Exception {
    try (LockedMemory memory = LockedMemory.allocate(64 * 1024)) {
      String flags = flagsOf(memory.segment().address());

      assertThat(flags.contains(" lo")).isEqualTo(memory.protection().locked());
      assertThat(flags.contains(" dd")).isEqualTo(memory.protection().undumped());
      assertThat(memory.protection().shortcoming() == null)
          .isEqualTo(memory.protection().locked() && memory.protection().undumped());
    }
  }

  @Test
  void close_twice_leavesNothingToRead() {
    LockedMemory memory = LockedMemory.allocate(10);
    MemorySegment segment = memory.segment();

    memory.close();
    memory.close();

    assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void and_oneThatIsNotLocked_isNotLocked() {
    MemoryProtection swappable = new MemoryProtection(false, true, "raise it");

    assertThat(MemoryProtection.FULL.and(swappable)).isEqualTo(swappable);
    assertThat(swappable.and(MemoryProtection.FULL)).isEqualTo(swappable);
  }

  private static String flagsOf(long address) throws Exception {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/smaps"));
    boolean inside = false;
    for (String line : lines) {
      Matcher mapping = MAPPING.matcher(line);
      if (mapping.lookingAt()) {
        inside =
            Long.compareUnsigned(Long.parseUnsignedLong(mapping.group(1), 16), address) <= 0
                && Long.compareUnsigned(address, Long.parseUnsignedLong(mapping.group(2), 16)) < 0;
      } else if (inside && line.startsWith("VmFlags:")) {
        return line;
      }
    }
    throw new AssertionError("no mapping at " + Long.toHexString(address));
  }
}
