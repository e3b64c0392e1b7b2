package dev.blindsight.camera.agent;

/**
 * Told of every answered exposure and of every change of state, on the agent's own threads: a
 * listener hands slow work to a thread of its own.
 */
public interface AgentListener {

  /** An exposure was answered. Told before its request leaves the spool. */
  void observed(Observation observation);

  /**
   * A readout that workers are to answer is in the spool, as durably as its policy asks: however
   * this process ends, it will be answered, expire, or make room for newer ones. Told on the
   * spool's thread, before its answer.
   *
   * @param device the device whose readout it is
   * @param sequence the exposure's number
   */
  default void spooled(String device, long sequence) {}

  /**
   * The agent went from one state to another.
   *
   * @param device the device whose agent it is
   * @param state the new state
   * @param detail one line for people: the cause, where there is one; empty otherwise
   */
  void stateChanged(String device, AgentState state, String detail);
}
