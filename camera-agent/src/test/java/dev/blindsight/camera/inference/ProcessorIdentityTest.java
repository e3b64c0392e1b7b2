package dev.blindsight.camera.inference;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ProcessorIdentityTest {
  private static final String XEON =
      """
      processor\t: 0
      vendor_id\t: GenuineIntel
      cpu family\t: 6
      model\t\t: 85
      model name\t: Intel(R) Xeon(R) Processor @ 2.50GHz
      cpu MHz\t\t: 2500.008
      flags\t\t: fpu avx2 avx512_vnni

      processor\t: 1
      vendor_id\t: GenuineIntel
      cpu family\t: 6
      model\t\t: 85
      model name\t: Intel(R) Xeon(R) Processor @ 2.50GHz
      cpu MHz\t\t: 2499.120
      flags\t\t: fpu avx2 avx512_vnni
      """;

  private static final String RASPBERRY_PI =
      """
      processor\t: 0
      BogoMIPS\t: 108.00
      Features\t: fp asimd evtstrm crc32 cpuid
      CPU implementer\t: 0x41
      CPU architecture: 8
      CPU variant\t: 0x0
      CPU part\t: 0xd08
      CPU revision\t: 3

      Revision\t: c03114
      Model\t\t: Raspberry Pi 4 Model B Rev 1.4
      """;

  @Test
  void parse_clockAndNumberOfProcessors_doNotCount() {
    String one = XEON.substring(0, XEON.indexOf("\n\n") + 1).replace("2500.008", "1200.000");

    assertThat(ProcessorIdentity.parse("amd64", one))
        .isEqualTo(ProcessorIdentity.parse("amd64", XEON));
  }

  @Test
  void parse_instructionSetOfOneProcessor_counts() {
    String other = XEON.replaceFirst(" avx512_vnni", "");

    assertThat(ProcessorIdentity.parse("amd64", other).key())
        .isNotEqualTo(ProcessorIdentity.parse("amd64", XEON).key());
  }

  @Test
  void parse_architectureOfTheSystem_counts() {
    assertThat(ProcessorIdentity.parse("aarch64", RASPBERRY_PI).key())
        .isNotEqualTo(ProcessorIdentity.parse("arm", RASPBERRY_PI).key())
        .contains("0xd08", "asimd");
  }

  @Test
  void parse_name_isWhatAPersonCallsIt() {
    assertThat(ProcessorIdentity.parse("amd64", XEON).name())
        .isEqualTo("Intel(R) Xeon(R) Processor @ 2.50GHz");
    assertThat(ProcessorIdentity.parse("aarch64", RASPBERRY_PI).name())
        .isEqualTo("Raspberry Pi 4 Model B Rev 1.4");
    assertThat(ProcessorIdentity.parse("riscv64", "").name()).isEqualTo("riscv64");
  }

  @Property(tries = 200)
  void parse_anyText_givesAName(@ForAll String text) {
    assertThat(ProcessorIdentity.parse("amd64", text).name()).isNotEmpty();
  }
}
