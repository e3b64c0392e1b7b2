package dev.blindsight.camera.cli;

import dev.blindsight.protocol.readout.BytePermutation;
import dev.blindsight.protocol.readout.PermutationScheme;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code permutation}: the table of φ of a scheme. */
@Command(
    name = "permutation",
    description = "Prints the byte permutation: entry v is what value v becomes.")
final class PermutationCommand implements Callable<Integer> {
  private static final int COLUMNS = 16;

  private final Console console;

  @Option(
      names = "--scheme",
      paramLabel = "SCHEME",
      description =
          "corenet (the published table, the default), keyed (by the device secret) or none")
  private PermutationScheme scheme = PermutationScheme.CORENET;

  @Mixin private final SecretFile secret = new SecretFile();

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  PermutationCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    int[] table = permutation().table();
    if (json) {
      console.printJson(new PermutationReport(Arrays.stream(table).boxed().toList()));
    } else {
      for (int row = 0; row < table.length; row += COLUMNS) {
        console.println(
            Arrays.stream(table, row, row + COLUMNS)
                .mapToObj("%3d"::formatted)
                .collect(Collectors.joining(" ")));
      }
    }
    return 0;
  }

  private BytePermutation permutation() {
    if (scheme == PermutationScheme.KEYED) {
      return secret.use(BytePermutation::keyed);
    }
    secret.requireAbsent();
    return scheme == PermutationScheme.NONE
        ? BytePermutation.identity()
        : BytePermutation.corenet();
  }

  /**
   * What the command prints.
   *
   * @param table 256 numbers, each of 0..255 once
   */
  record PermutationReport(List<Integer> table) {}
}
