package dev.blindsight.camera.dashboard;

import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.camera.agent.Observation;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ResultMessage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the page is told of one camera, in the form it travels: one event of the stream each, as
 * JSON with keys in snake case; byte arrays are base64, what is null is absent.
 */
sealed interface StatusMessage {
  /** The name of the event in the stream. */
  String event();

  /**
   * What stays the same from exposure to exposure.
   *
   * @param layout names this layout in {@link Answer#layout()}; grows with every change
   * @param width pixels in a row
   * @param height rows
   * @param channels 8-bit values of one pixel, 1..4
   * @param elements width * height * channels
   * @param kept how many of them are kept
   * @param places the kept channel indices, ascending little-endian 32-bit integers
   * @param spec the readout spec's id, 64 hex digits, where known
   */
  @SuppressWarnings("ArrayRecordComponent") // only ever written out
  record Layout(
      String device,
      long layout,
      int width,
      int height,
      int channels,
      int elements,
      int kept,
      byte[] places,
      @Nullable String spec,
      GuaranteeNotice guarantee)
      implements StatusMessage {

    static Layout of(String device, long version, CameraLayout layout) {
      return new Layout(
          device,
          version,
          layout.geometry().width(),
          layout.geometry().height(),
          layout.geometry().channels(),
          layout.geometry().elements(),
          layout.mask().size(),
          layout.mask().toLittleEndianInt32(),
          layout.spec() == null ? null : layout.spec().hex(),
          GuaranteeNotice.of(layout.guarantee()));
    }

    @Override
    public String event() {
      return "layout";
    }
  }

  /**
   * One answered exposure.
   *
   * @param layout the layout it was taken under
   * @param capturedAt ISO 8601, UTC
   * @param kept the kept values in the clear, in mask order
   * @param wire the permuted values, in mask order
   * @param labels the most probable labels, best first, at most {@value #LABELS_SHOWN}
   * @param latencyMs milliseconds from the end of the readout to the answer
   * @param expected the true label, where known
   * @param answered exposures answered so far
   * @param correct how many of them rightly
   */
  @SuppressWarnings("ArrayRecordComponent") // only ever written out
  record Answer(
      String device,
      long layout,
      long sequence,
      String capturedAt,
      byte[] kept,
      byte[] wire,
      List<Candidate> labels,
      ResultMessage.Source route,
      double latencyMs,
      @Nullable String expected,
      long answered,
      long correct)
      implements StatusMessage {
    static final int LABELS_SHOWN = 5;

    static Answer of(long layout, Observation observation) {
      List<Candidate> labels = observation.classification().labels();
      return new Answer(
          observation.device(),
          layout,
          observation.sequence(),
          observation.capturedAt().toString(),
          observation.kept(),
          observation.wire(),
          labels.subList(0, Math.min(LABELS_SHOWN, labels.size())),
          observation.source(),
          milliseconds(observation.latency()),
          observation.expected(),
          observation.answered(),
          observation.correct());
    }

    private static double milliseconds(Duration latency) {
      return latency.toNanos() / 1e6;
    }

    @Override
    public String event() {
      return "answer";
    }
  }

  /**
   * What the camera's agent is doing.
   *
   * @param detail one line for people, empty where there is nothing to add
   */
  record State(String device, AgentState state, String detail) implements StatusMessage {
    @Override
    public String event() {
      return "state";
    }
  }
}
