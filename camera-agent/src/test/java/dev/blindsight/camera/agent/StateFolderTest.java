package dev.blindsight.camera.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.blindsight.protocol.topic.DeviceAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StateFolderTest {
  private static final DeviceAddress HALL = new DeviceAddress("home", "hall");

  @Test
  void of_configuredFolder_isThatOne() {
    assertThat(StateFolder.of("/srv/hall", HALL, Map.of("STATE_DIRECTORY", "/var/lib/x")))
        .isEqualTo(Path.of("/srv/hall"));
  }

  @Test
  void of_folderOfTheService_hasOneForEachDevice() {
    assertThat(StateFolder.of(null, HALL, Map.of("STATE_DIRECTORY", "/var/lib/blindsight")))
        .isEqualTo(Path.of("/var/lib/blindsight/home/hall"));
    assertThat(StateFolder.of(null, HALL, Map.of("STATE_DIRECTORY", "/var/lib/a:/var/lib/b")))
        .isEqualTo(Path.of("/var/lib/a/home/hall"));
  }

  @Test
  void of_noService_isInTheUsersFolderForState() {
    assertThat(StateFolder.of(null, HALL, Map.of("XDG_STATE_HOME", "/home/a/state")))
        .isEqualTo(Path.of("/home/a/state/blindsight/home/hall"));
    assertThat(StateFolder.of(null, HALL, Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/blindsight/home/hall"));
  }
}
