package dev.blindsight.trainer.recipe;

/** How a data set's files are laid out. */
public enum DatasetFormat {
  /** The IDX files of MNIST: pictures and labels in files of their own, plain or gzip. */
  IDX,
  /** The binary layout of CIFAR-10: one label byte, then one plane for each colour. */
  RECORD
}
