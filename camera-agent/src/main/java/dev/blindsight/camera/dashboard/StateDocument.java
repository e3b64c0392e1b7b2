package dev.blindsight.camera.dashboard;

import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.camera.agent.Observation;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ResultMessage;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.SpecId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code /api/state}: what the page shows, without the values themselves, which no
 * program but the page has a use for. What is null here is absent there.
 */
record StateDocument(List<Camera> cameras) {

  /**
   * One camera.
   *
   * @param state null until its agent has told it
   * @param detail one line for people, often empty
   * @param sensor null until the camera was introduced or has answered an exposure
   * @param answer null until it has answered an exposure
   */
  record Camera(
      String device,
      @Nullable AgentState state,
      @Nullable String detail,
      @Nullable Sensor sensor,
      @Nullable Answer answer) {

    private static Camera of(CameraBoard.Sight sight) {
      StatusMessage.State state = sight.state();
      CameraLayout layout = sight.layout();
      Observation observation = sight.observation();
      return new Camera(
          sight.device(),
          state == null ? null : state.state(),
          state == null ? null : state.detail(),
          layout == null ? null : Sensor.of(layout),
          observation == null ? null : Answer.of(observation));
    }
  }

  /**
   * What is read of an exposure.
   *
   * @param elements channel values of one exposure
   * @param kept how many of them are kept
   * @param spec the readout spec's id, where known
   */
  record Sensor(int elements, int kept, GuaranteeLevel guarantee, @Nullable SpecId spec) {
    private static Sensor of(CameraLayout layout) {
      return new Sensor(
          layout.geometry().elements(), layout.mask().size(), layout.guarantee(), layout.spec());
    }
  }

  /**
   * The newest answer.
   *
   * @param capturedAt ISO 8601, UTC
   * @param probability of {@code label}, 0 to 1
   * @param expected the true label, where known
   * @param latencyMs milliseconds from the end of the readout to the answer
   * @param accuracy correct / answered, 0 to 1; null where the true label is not known
   */
  record Answer(
      long sequence,
      String capturedAt,
      String label,
      double probability,
      @Nullable String expected,
      ResultMessage.Source route,
      double latencyMs,
      long answered,
      long correct,
      @Nullable Double accuracy) {

    private static Answer of(Observation observation) {
      Candidate top = observation.classification().top();
      boolean judged = observation.expected() != null && observation.answered() > 0;
      return new Answer(
          observation.sequence(),
          observation.capturedAt().toString(),
          top.label(),
          top.probability(),
          observation.expected(),
          observation.source(),
          observation.latency().toNanos() / 1e6,
          observation.answered(),
          observation.correct(),
          judged ? (double) observation.correct() / observation.answered() : null);
    }
  }

  static StateDocument of(List<CameraBoard.Sight> sights) {
    return new StateDocument(sights.stream().map(Camera::of).toList());
  }
}
