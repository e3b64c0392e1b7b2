package dev.blindsight.trainer.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one run of import-corenet did.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
record ImportCorenetRun(int code, String out, String err) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static ImportCorenetRun of(String... options) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = BlindsightTrainer.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] arguments = new String[options.length + 1];
    arguments[0] = "import-corenet";
    System.arraycopy(options, 0, arguments, 1, options.length);
    int code = line.execute(arguments);
    return new ImportCorenetRun(code, out.toString(), err.toString());
  }

  JsonNode json() {
    return JSON.readTree(out);
  }
}
