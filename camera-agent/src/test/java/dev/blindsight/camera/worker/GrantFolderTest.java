package dev.blindsight.camera.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import dev.blindsight.protocol.keys.DeviceSecret;
import dev.blindsight.protocol.seal.DeviceGrant;
import dev.blindsight.protocol.seal.GrantFile;
import dev.blindsight.protocol.topic.DeviceAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantFolderTest {
  private static final DeviceAddress HALL = new DeviceAddress("home", "hall");
  private static final DeviceAddress YARD = new DeviceAddress("home", "yard");

  private final AtomicLong nanos = new AtomicLong();
  @TempDir Path folder;

  private GrantFolder opened() {
    return new GrantFolder(folder, nanos::get);
  }

  private Path grant(DeviceAddress device, int... epochs) {
    try (DeviceSecret secret = DeviceSecret.of(new byte[DeviceSecret.BYTES])) {
      return GrantFile.write(
          folder,
          DeviceGrant.of(
              device,
              IntStream.of(epochs)
                  .mapToObj(epoch -> DeviceGrant.EpochKeys.derive(secret, device, epoch))
                  .toList(),
              List.of()));
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos() + 1);
  }

  @Test
  void find_grantsOfSeveralSites_findsEachAndNobodyElse() {
    DeviceAddress other = new DeviceAddress("office", "hall");
    grant(HALL, 1);
    grant(other, 1, 2);

    try (GrantFolder grants = opened()) {
      assertThat(grants.size()).isEqualTo(2);
      assertThat(grants.find(HALL).orElseThrow().keys(2)).isEmpty();
      assertThat(grants.find(other).orElseThrow().keys(2)).isPresent();
      assertThat(grants.find(YARD)).isEmpty();
    }
  }

  @Test
  void find_grantAddedLater_isFoundAtMostASecondLater() {
    try (GrantFolder grants = opened()) {
      grant(HALL, 1);
      assertThat(grants.find(HALL)).isEmpty();

      pass(Duration.ofSeconds(1));

      assertThat(grants.find(HALL)).isPresent();
    }
  }

  @Test
  void findAnew_epochAdded_isFoundAndOtherGrantsAreKept() {
    grant(HALL, 1);
    grant(YARD, 1);
    try (GrantFolder grants = opened()) {
      DeviceGrant yard = grants.find(YARD).orElseThrow();
      grant(HALL, 1, 2);
      pass(Duration.ofSeconds(1));

      assertThat(grants.find(HALL).orElseThrow().keys(2)).isEmpty();
      assertThat(grants.findAnew(HALL).orElseThrow().keys(2)).isPresent();
      assertThat(grants.find(YARD)).containsSame(yard);
    }
  }

  @Test
  void find_grantRemoved_endsWithinAMinute() throws IOException {
    Path file = grant(HALL, 1);
    try (GrantFolder grants = opened()) {
      Files.delete(file);
      pass(Duration.ofMinutes(1));

      assertThat(grants.find(HALL)).isEmpty();
    }
  }

  @Test
  void find_brokenFileAmongOthers_admitsTheOthersAndItselfWhenMended() throws IOException {
    grant(HALL, 1);
    Path broken = grant(YARD, 1);
    Files.writeString(broken, "{\"version\": 1");
    Files.writeString(folder.resolve("home").resolve("notes.txt"), "no grant");
    Files.writeString(folder.resolve("stray.json"), "no grant");

    try (GrantFolder grants = opened()) {
      assertThat(grants.size()).isEqualTo(1);
      assertThat(grants.find(HALL)).isPresent();

      grant(YARD, 1);
      pass(Duration.ofSeconds(1));

      assertThat(grants.find(YARD)).isPresent();
    }
  }

  @Test
  void find_grantUnderAnotherDevicesName_admitsNeither() throws IOException {
    Files.move(grant(HALL, 1), folder.resolve("home").resolve("yard.json"));

    try (GrantFolder grants = opened()) {
      assertThat(grants.find(HALL)).isEmpty();
      assertThat(grants.find(YARD)).isEmpty();
    }
    assertThatThrownBy(() -> GrantFile.read(folder.resolve("home").resolve("yard.json")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("yard.json: is the grant of home/hall: move it to home/hall.json");
  }

  @Test
  void write_aGrant_isForItsOwnerOnly() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(grant(HALL, 1))))
        .isEqualTo("rw-------");
  }

  @Test
  void close_theFolder_closesTheKeys() {
    grant(HALL, 1);
    GrantFolder grants = opened();
    DeviceGrant grant = grants.find(HALL).orElseThrow();

    grants.close();

    assertThatThrownBy(() ->
            grant.keys(1).orElseThrow().replyKey().seal(new byte[12], new byte[0], new byte[16], 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void folder_missing_isOneClearLine() {
    assertThatThrownBy(() -> new GrantFolder(folder.resolve("none")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none: no such folder: make it with `provision grant --out`");
  }
}
