package dev.blindsight.camera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import dev.blindsight.protocol.UserError;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OpenedSessionTest {
  private static final Set<OrtProvider> PROCESSOR = EnumSet.of(OrtProvider.CPU);
  private static final Set<OrtProvider> BOTH = EnumSet.of(OrtProvider.CPU, OrtProvider.CUDA);

  /** A library with or without CUDA, on a machine where some providers work. */
  private static final class Machine implements ProviderSessions<String> {
    private final Set<OrtProvider> listed;
    private final Set<ExecutionProvider> working;
    private final List<ExecutionProvider> opened = new ArrayList<>();

    Machine(Set<OrtProvider> listed, ExecutionProvider... working) {
      this.listed = listed;
      this.working = Set.of(working);
    }

    @Override
    public Set<OrtProvider> listed() {
      return listed;
    }

    @Override
    public String open(ExecutionProvider provider) throws OrtException {
      opened.add(provider);
      if (!working.contains(provider)) {
        throw new OrtException("libcudart.so.12: cannot open\nmore of it");
      }
      return "session on " + provider;
    }
  }

  @Test
  void open_autoWithCudaThatWorks_runsThere() throws OrtException {
    Machine machine = new Machine(BOTH, ExecutionProvider.CPU, ExecutionProvider.CUDA);

    assertThat(OpenedSession.open(ProviderChoice.AUTO, machine))
        .isEqualTo(new OpenedSession<>("session on cuda", ExecutionProvider.CUDA, null));
    assertThat(machine.opened).containsExactly(ExecutionProvider.CUDA);
  }

  @Test
  void open_autoWithCudaThatIsListedOnly_runsOnTheProcessorAndSaysWhy() throws OrtException {
    Machine machine = new Machine(BOTH, ExecutionProvider.CPU);

    assertThat(OpenedSession.open(ProviderChoice.AUTO, machine))
        .isEqualTo(
            new OpenedSession<>(
                "session on cpu", ExecutionProvider.CPU, "libcudart.so.12: cannot open"));
    assertThat(machine.opened).containsExactly(ExecutionProvider.CUDA, ExecutionProvider.CPU);
  }

  @Test
  void open_autoWithoutCuda_runsOnTheProcessorSilently() throws OrtException {
    Machine machine = new Machine(PROCESSOR, ExecutionProvider.CPU);

    assertThat(OpenedSession.open(ProviderChoice.AUTO, machine))
        .isEqualTo(new OpenedSession<>("session on cpu", ExecutionProvider.CPU, null));
    assertThat(machine.opened).containsExactly(ExecutionProvider.CPU);
  }

  @Test
  void open_autoWithAModelThatOpensNowhere_fails() {
    assertThatThrownBy(() -> OpenedSession.open(ProviderChoice.AUTO, new Machine(BOTH)))
        .isInstanceOf(OrtException.class);
  }

  @Test
  void open_cpu_neverTriesCuda() throws OrtException {
    Machine machine = new Machine(BOTH, ExecutionProvider.CPU, ExecutionProvider.CUDA);

    assertThat(OpenedSession.open(ProviderChoice.CPU, machine).provider())
        .isEqualTo(ExecutionProvider.CPU);
    assertThat(machine.opened).containsExactly(ExecutionProvider.CPU);
  }

  @Test
  void open_cudaThatIsNotListed_isRefusedUntried() {
    Machine machine = new Machine(PROCESSOR, ExecutionProvider.CPU);

    assertThatThrownBy(() -> OpenedSession.open(ProviderChoice.CUDA, machine))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "provider is cuda, but this build of ONNX Runtime is for the processor only: ");
    assertThat(machine.opened).isEmpty();
  }

  @Test
  void open_cudaThatDoesNotWork_isRefusedWithTheReason() {
    Machine machine = new Machine(BOTH, ExecutionProvider.CPU);

    assertThatThrownBy(() -> OpenedSession.open(ProviderChoice.CUDA, machine))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("(libcudart.so.12: cannot open)")
        .hasMessageEndingWith("or set provider to auto or cpu")
        .message()
        .hasLineCount(1);
    assertThat(machine.opened).containsExactly(ExecutionProvider.CUDA);
  }
}
