package dev.blindsight.camera.cli;

import dev.blindsight.protocol.document.AtomicFile;
import dev.blindsight.protocol.readout.ChannelMask;
import dev.blindsight.protocol.readout.MaskScheme;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mask}: which channels a scheme keeps. */
@Command(
    name = "mask",
    description = "Computes which channels are kept, and writes them to a file on demand.")
final class MaskCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--elements",
      required = true,
      paramLabel = "N",
      description = "channel values of one exposure: width * height * channels")
  private int elements;

  @Option(
      names = "--keep",
      required = true,
      paramLabel = "F",
      description = "the fraction kept, greater than 0, at most 1")
  private double keep;

  @Option(
      names = "--scheme",
      paramLabel = "SCHEME",
      description = "corenet (the published mask, the default) or keyed (by the device secret)")
  private MaskScheme scheme = MaskScheme.CORENET;

  @Mixin private final SecretFile secret = new SecretFile();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "write the kept channel indices: ascending 32-bit integers, little-endian")
  private @Nullable Path out;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  MaskCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    ChannelMask mask = mask();
    if (out != null) {
      AtomicFile.write(out, mask.toLittleEndianInt32());
    }
    MaskReport report = new MaskReport(mask.elements(), mask.size(), mask.sha256());
    if (json) {
      console.printJson(report);
    } else {
      console.println(
          "keeps %d of %d channels, sha256 %s"
              .formatted(report.kept(), report.elements(), report.sha256()));
    }
    return 0;
  }

  private ChannelMask mask() {
    return switch (scheme) {
      case CORENET -> {
        secret.requireAbsent();
        yield ChannelMask.corenet(elements, keep);
      }
      case KEYED -> secret.use(device -> ChannelMask.keyed(elements, keep, device));
    };
  }

  /**
   * What the command prints.
   *
   * @param elements channel values of one exposure
   * @param kept how many of them are kept
   * @param sha256 of the mask file, 64 lower-case hex digits
   */
  record MaskReport(int elements, int kept, String sha256) {}
}
