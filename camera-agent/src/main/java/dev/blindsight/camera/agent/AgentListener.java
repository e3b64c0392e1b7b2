package dev.blindsight.camera.agent;

/**
 * Told of every answered exposure and of every change of state, on the agent's own threads: a
 * listener hands slow work to a thread of its own.
 */
public interface AgentListener {

  /** An exposure was answered. */
  void observed(Observation observation);

  /**
   * The agent went from one state to another.
   *
   * @param device the device whose agent it is
   * @param state the new state
   * @param detail one line for people: the cause, where there is one; empty otherwise
   */
  void stateChanged(String device, AgentState state, String detail);
}
