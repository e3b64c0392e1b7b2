package dev.blindsight.camera.dashboard;

import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ResultMessage.Source;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;

/**
 * Shows the status page by hand, without broker or model: two cameras look at the Fashion-MNIST
 * test pictures, and the nearest class mean over the kept values answers (about two in three
 * rightly).
 *
 * <p>Arguments: port, folder of the IDX files, exposures a second.
 */
final class FashionMnistShow {
  private static final List<String> LABELS =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");
  private static final int PIXELS = 28 * 28;
  private static final int TRAINING_PICTURES = 6_000;
  private static final int SHOWN_PICTURES = 1_000;

  private final double[][] means;

  private FashionMnistShow(double[][] means) {
    this.means = means;
  }

  public static void main(String[] arguments) throws IOException {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 8080;
    Path folder =
        Path.of(arguments.length > 1 ? arguments[1] : "/usr/share/datasets/fashion-mnist");
    long exposuresPerSecond = arguments.length > 2 ? Long.parseLong(arguments[2]) : 2;
    FashionMnistShow show = new FashionMnistShow(means(folder));
    byte[] pictures = read(folder, "t10k-images-idx3-ubyte.gz", 16, SHOWN_PICTURES * PIXELS);
    byte[] truth = read(folder, "t10k-labels-idx1-ubyte.gz", 8, SHOWN_PICTURES);
    try (StatusPage page = StatusPage.start(port)) {
      System.err.println(page.address());
      for (String device : List.of("entrance", "loading-bay")) {
        page.introduce(device, Exposures.SPEC, GuaranteeLevel.ADDRESSED);
        page.stateChanged(device, AgentState.RUNNING, "");
      }
      show.play(page, pictures, truth, Duration.ofSeconds(1).dividedBy(exposuresPerSecond));
    }
  }

  private void play(StatusPage page, byte[] pictures, byte[] truth, Duration pause) {
    long[] correct = new long[2];
    for (int index = 0; !Thread.interrupted(); index++) {
      int picture = index % SHOWN_PICTURES;
      int camera = index % 2;
      byte[] kept = new byte[Exposures.SPEC.length()];
      for (int slot = 0; slot < kept.length; slot++) {
        kept[slot] = pictures[picture * PIXELS + Exposures.SPEC.mask().channelAt(slot)];
      }
      long start = System.nanoTime();
      List<Candidate> answer = classify(kept);
      Duration latency = Duration.ofNanos(System.nanoTime() - start);
      String expected = LABELS.get(truth[picture]);
      if (answer.getFirst().label().equals(expected)) {
        correct[camera]++;
      }
      page.observed(
          Exposures.of(camera == 0 ? "entrance" : "loading-bay")
              .picture(channel -> pictures[picture * PIXELS + channel] & 0xFF)
              .route(camera == 0 ? Source.LOCAL : Source.REMOTE)
              .labels(answer)
              .latency(latency)
              .expected(expected)
              .correct(correct[camera])
              .taken(index / 2 + 1));
      LockSupport.parkNanos(pause.toNanos() / 2);
    }
  }

  private List<Candidate> classify(byte[] kept) {
    double[] scores = new double[means.length];
    double total = 0;
    for (int label = 0; label < means.length; label++) {
      double distance = 0;
      for (int slot = 0; slot < kept.length; slot++) {
        double difference = (kept[slot] & 0xFF) - means[label][slot];
        distance += difference * difference;
      }
      scores[label] = Math.exp(-distance / 60_000);
      total += scores[label];
    }
    List<Candidate> labels = new ArrayList<>();
    for (int label = 0; label < scores.length; label++) {
      labels.add(new Candidate(LABELS.get(label), scores[label] / total));
    }
    labels.sort(Comparator.comparingDouble(Candidate::probability).reversed());
    return labels;
  }

  private static double[][] means(Path folder) throws IOException {
    byte[] pictures = read(folder, "train-images-idx3-ubyte.gz", 16, TRAINING_PICTURES * PIXELS);
    byte[] labels = read(folder, "train-labels-idx1-ubyte.gz", 8, TRAINING_PICTURES);
    double[][] means = new double[LABELS.size()][Exposures.SPEC.length()];
    int[] counts = new int[LABELS.size()];
    for (byte label : labels) {
      counts[label]++;
    }
    for (int picture = 0; picture < TRAINING_PICTURES; picture++) {
      for (int slot = 0; slot < Exposures.SPEC.length(); slot++) {
        int value = pictures[picture * PIXELS + Exposures.SPEC.mask().channelAt(slot)] & 0xFF;
        means[labels[picture]][slot] += (double) value / counts[labels[picture]];
      }
    }
    return means;
  }

  private static byte[] read(Path folder, String name, int header, int length) throws IOException {
    try (DataInputStream file =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(folder.resolve(name))))) {
      file.skipNBytes(header);
      byte[] content = new byte[length];
      file.readFully(content);
      return content;
    }
  }
}
