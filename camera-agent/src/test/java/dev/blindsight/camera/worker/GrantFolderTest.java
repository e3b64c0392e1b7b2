package dev.blindsight.camera.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.document.StrictMapper;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantFolderTest {
  private static final DeviceAddress HALL = new DeviceAddress("home", "hall");
  private static final DeviceAddress YARD = new DeviceAddress("home", "yard");

  @TempDir Path folder;

  private Instant now = Instant.EPOCH;

  @Test
  void find_grantInItsPlace_isFound() throws IOException {
    write(HALL, grant(HALL, 1));

    GrantFolder grants = open();

    assertThat(grants.find(HALL).orElseThrow().address()).isEqualTo(HALL);
    assertThat(grants.find(YARD)).isEmpty();
    assertThat(grants.size()).isEqualTo(1);
  }

  @Test
  void find_grantThatCameLater_isFoundWithinASecond() throws IOException {
    GrantFolder grants = open();
    write(HALL, grant(HALL, 1));

    assertThat(grants.find(HALL)).isEmpty();
    now = now.plus(Duration.ofSeconds(1));
    assertThat(grants.find(HALL)).isPresent();
  }

  @Test
  void findAnew_grantWithAnotherEpoch_isReadAgain() throws IOException {
    write(HALL, grant(HALL, 1));
    GrantFolder grants = open();
    write(HALL, grant(HALL, 1, 2));
    now = now.plus(Duration.ofSeconds(1));

    assertThat(grants.findAnew(HALL).orElseThrow().keys(2)).isPresent();
  }

  @Test
  void refresh_grantThatIsGone_isWithdrawn() throws IOException {
    write(HALL, grant(HALL, 1));
    GrantFolder grants = open();
    Files.delete(file(HALL));

    grants.refresh();

    assertThat(grants.find(HALL)).isEmpty();
  }

  @Test
  void open_filesThatAreNoGrants_areLeftOut() throws IOException {
    write(HALL, grant(YARD, 1));
    Files.writeString(folder.resolve("home").resolve("broken.json"), "{");
    Files.writeString(folder.resolve("home").resolve("notes.txt"), "mine");
    Files.writeString(folder.resolve("README"), "mine");
    write(YARD, grant(YARD, 1));

    GrantFolder grants = open();

    assertThat(grants.find(HALL)).isEmpty();
    assertThat(grants.find(YARD)).isPresent();
    assertThat(grants.size()).isEqualTo(1);
  }

  @Test
  void open_noFolder_saysHowToMendIt() {
    assertThatThrownBy(() -> GrantFolder.open(folder.resolve("missing"), () -> now))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("missing is no readable folder")
        .hasMessageContaining("provision grant");
  }

  private GrantFolder open() {
    return GrantFolder.open(folder, () -> now);
  }

  private Path file(DeviceAddress device) {
    return folder.resolve(device.site()).resolve(device.device() + ".json");
  }

  private void write(DeviceAddress place, DeviceGrant grant) throws IOException {
    Files.createDirectories(folder.resolve(place.site()));
    Files.writeString(file(place), StrictMapper.json().write(grant));
  }

  private static DeviceGrant grant(DeviceAddress device, int... epochs) {
    DeviceSecret secret = DeviceSecret.of(new byte[DeviceSecret.BYTES]);
    return DeviceGrant.of(
        device,
        Arrays.stream(epochs)
            .mapToObj(epoch -> DeviceGrant.EpochKeys.derive(secret, device, epoch))
            .toList(),
        List.of());
  }
}
