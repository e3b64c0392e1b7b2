package dev.blindsight.trainer.corenet;

import dev.blindsight.trainer.corenet.PickleValue.Storage;
import java.lang.foreign.MemorySegment;

/**
 * What every layout of a checkpoint comes down to: a pickled value, and values stored beside it.
 */
sealed interface CheckpointLayout permits ArchiveLayout, LegacyLayout {

  /**
   * Finds out which layout a file has and reads what it pickled.
   *
   * @throws RefusedException when it has neither, or is damaged
   */
  static CheckpointLayout of(MemorySegment file) throws RefusedException {
    if (StoredArchive.isArchive(file)) {
      return ArchiveLayout.open(file);
    }
    if (LegacyLayout.isLegacy(file)) {
      return LegacyLayout.open(file);
    }
    throw new RefusedException("it begins as no file of torch.save does");
  }

  /** What was saved. */
  PickleValue root();

  /**
   * The values of a storage that {@link #root} refers to: as many bytes as it claims.
   *
   * @throws RefusedException when they are missing, damaged, or more or fewer than claimed
   */
  MemorySegment values(Storage storage) throws RefusedException;
}
