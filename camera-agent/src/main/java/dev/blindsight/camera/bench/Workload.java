package dev.blindsight.camera.bench;

/** Something to measure that several workers can do at once. */
interface Workload extends AutoCloseable {
  /** What it is called in progress and errors. */
  String name();

  /** Multiplications with accumulation in one run of one worker. */
  long multiplyAdds();

  /**
   * Makes what one worker needs for itself.
   *
   * @param worker counted from zero
   */
  Task task(int worker);

  @Override
  void close();

  /** One worker's share, run by one thread at a time. */
  interface Task extends AutoCloseable {
    void run();

    @Override
    void close();
  }
}
