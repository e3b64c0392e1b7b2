package dev.blindsight.camera.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.blindsight.protocol.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SpoolTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final SpoolSettings SMALL = small(SpoolOrder.OLDEST_FIRST);
  private static final int PICTURE = 15_000;

  @TempDir Path temporary;
  private final RecordingListener listener = new RecordingListener();
  private Path folder;

  @BeforeEach
  void name() {
    folder = temporary.resolve("state").resolve("spool");
  }

  @ParameterizedTest
  @EnumSource(SyncPolicy.class)
  void append_underEachPolicy_isThereAgainAfterReopening(SyncPolicy policy) throws Exception {
    SpoolSettings settings = new SpoolSettings(null, null, null, policy, null);
    try (Spool spool = open(settings)) {
      assertThat(append(spool, "a")).isZero();
      assertThat(append(spool, "b")).isEqualTo(1);
    }

    try (Spool spool = open(settings)) {
      assertThat(spool.status().entries()).isEqualTo(2);
      assertThat(text(take(spool))).isEqualTo("a");
      assertThat(text(take(spool))).isEqualTo("b");
      assertThat(append(spool, "c")).isEqualTo(2);
      assertThat(spool.isRestored(1)).isTrue();
      assertThat(spool.isRestored(2)).isFalse();
    }
  }

  @Test
  void take_newestFirst_givesWhatCameLast() throws Exception {
    try (Spool spool = open(small(SpoolOrder.NEWEST_FIRST))) {
      append(spool, "a");
      append(spool, "b");

      assertThat(text(take(spool))).isEqualTo("b");
      append(spool, "c");
      assertThat(text(take(spool))).isEqualTo("c");
      assertThat(text(take(spool))).isEqualTo("a");
    }
  }

  @Test
  void take_emptySpool_waitsForTheNextEntry() throws Exception {
    try (Spool spool = open(SMALL)) {
      CompletableFuture<SpoolEntry> unwanted = spool.take();
      CompletableFuture<SpoolEntry> taker = spool.take();
      unwanted.cancel(false);

      append(spool, "a");

      assertThat(text(taker.get(10, TimeUnit.SECONDS))).isEqualTo("a");
    }
  }

  @Test
  void close_takerWaits_cancelsIt() {
    Spool spool = open(SMALL);
    CompletableFuture<SpoolEntry> taker = spool.take();

    spool.close();

    assertThat(taker).isCancelled();
    assertThat(spool.take()).isCancelled();
    assertThatThrownBy(() -> append(spool, "a")).hasMessageContaining("the spool is closed");
  }

  @Test
  void release_someEntries_keepsTheOthersOnly() throws Exception {
    try (Spool spool = open(SMALL)) {
      for (String content : List.of("a", "b", "c", "d")) {
        append(spool, content);
      }
      SpoolEntry first = take(spool);
      spool.release(first.id());
      spool.release(first.id());
      spool.release(2);
      spool.release(99);
    }

    try (Spool spool = open(SMALL)) {
      assertThat(spool.status().entries()).isEqualTo(2);
      assertThat(text(take(spool))).isEqualTo("b");
      assertThat(text(take(spool))).isEqualTo("d");
    }
  }

  @Test
  void release_all_leavesNoFile() throws Exception {
    try (Spool spool = open(SMALL)) {
      for (int i = 0; i < 40; i++) {
        assertThat(append(spool, new byte[PICTURE])).isEqualTo(i);
        spool.release(i);
      }
      assertThat(segments()).hasSizeLessThan(3);
    }
    assertThat(segments()).isEmpty();
  }

  @Test
  void append_full_refusesUntilThereIsRoom() throws Exception {
    try (Spool spool = open(SMALL)) {
      long last = fill(spool);

      assertThat(spool.status().bytes()).isLessThanOrEqualTo(1 << 20);
      assertThat(spool.status().refused()).isEqualTo(1);
      assertThat(listener.troubles()).containsExactly("the spool is full: are there workers?");
      assertThat(take(spool).id()).isZero();

      for (long id = 0; id <= last; id++) {
        spool.release(id);
      }
      append(spool, new byte[PICTURE]);
      assertThat(listener.recoveries()).isEqualTo(1);
      assertThat(listener.losses()).isEmpty();
    }
  }

  @Test
  void append_fullNewestFirst_givesUpTheOldestThatNobodyHasTaken() throws Exception {
    try (Spool spool = open(small(SpoolOrder.NEWEST_FIRST))) {
      for (int i = 0; i < 4; i++) {
        append(spool, new byte[PICTURE]);
      }
      SpoolEntry held = take(spool);
      for (int i = 4; i < 100; i++) {
        append(spool, new byte[PICTURE]);
      }

      assertThat(spool.status().bytes()).isLessThanOrEqualTo(1 << 20);
      assertThat(spool.status().refused()).isZero();
      assertThat(spool.status().displaced()).isGreaterThan(20).isEqualTo(listener.losses().size());
      assertThat(listener.losses())
          .doesNotContain(held.id() + " DISPLACED")
          .startsWith("4 DISPLACED", "5 DISPLACED");
      assertThat(take(spool).id()).isEqualTo(99);
    }
  }

  @Test
  void append_longerThanAnyRequest_isRefused() {
    try (Spool spool = open(SpoolSettings.STANDARD)) {
      assertThatThrownBy(() -> append(spool, new byte[5 << 20]))
          .hasCauseInstanceOf(SpoolRefusedException.class);
    }
  }

  @Test
  void open_entriesOfAnEarlierProcessTooOld_expireAtOnce() throws Exception {
    try (Spool spool = open(SMALL)) {
      append(spool, "a");
    }

    try (Spool spool = open(SMALL, NOW.plus(Duration.ofDays(2)))) {
      listener.await(() -> listener.losses().equals(List.of("0 EXPIRED")));
      assertThat(spool.status().expired()).isEqualTo(1);
    }
    assertThat(segments()).isEmpty();
  }

  @Test
  void open_clockWentBack_keepsEntries() throws Exception {
    try (Spool spool = open(SMALL)) {
      append(spool, "a");
    }

    try (Spool spool = open(SMALL, NOW.minus(Duration.ofDays(20_000)))) {
      assertThat(text(take(spool))).isEqualTo("a");
    }
  }

  @Test
  void expiry_entriesTakenAndNot_areBothTold() throws Exception {
    SpoolSettings brief = new SpoolSettings(null, 1, null, null, null);
    try (Spool spool = open(brief)) {
      append(spool, "a");
      append(spool, "b");
      take(spool);

      listener.await(() -> listener.losses().size() == 2);
      assertThat(listener.losses()).containsExactlyInAnyOrder("0 EXPIRED", "1 EXPIRED");
    }
  }

  @Test
  void open_folderInUse_saysSo() {
    try (Spool _ = open(SMALL)) {
      assertThatThrownBy(() -> open(SMALL))
          .isInstanceOf(UserError.class)
          .hasMessage(
              folder
                  + " is in use by another agent: stop it, or give each agent a state folder of its"
                  + " own");
      assertThatThrownBy(() -> open(SMALL)).isInstanceOf(UserError.class);
    }
    open(SMALL).close();
  }

  @Test
  void open_pathIsAFile_isAUserError() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");

    assertThatThrownBy(
            () -> Spool.open(file, SMALL, SpoolCodec.PLAIN, InstantSource.fixed(NOW), listener))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot be made");
  }

  @Test
  void open_newFolder_isForItsOwnerAlone() throws IOException {
    open(SMALL).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void open_damageInTheMiddle_keepsAllOtherEntries() throws Exception {
    try (Spool spool = open(SMALL)) {
      for (int i = 0; i < 10; i++) {
        append(spool, "content-" + i);
      }
    }
    Path segment = segments().getFirst();
    byte[] bytes = Files.readAllBytes(segment);
    int record = bytes.length / 10;
    bytes[3 * record + 30] ^= 1;
    bytes[7 * record + 5] ^= 1;
    Files.write(segment, bytes);

    try (Spool spool = open(SMALL)) {
      assertThat(spool.status().entries()).isEqualTo(8);
      assertThat(spool.status().damaged()).isEqualTo(2);
      for (int i : List.of(0, 1, 2, 4, 5, 6, 8, 9)) {
        assertThat(text(take(spool))).isEqualTo("content-" + i);
      }
    }
  }

  @Test
  void open_releaseAfterATornRecord_isReadAllTheSame() throws Exception {
    try (Spool spool = open(SMALL)) {
      append(spool, "a");
      append(spool, "b");
    }
    Path segment = segments().getFirst();
    byte[] bytes = Files.readAllBytes(segment);
    byte[] torn = Arrays.copyOf(bytes, bytes.length + 20);
    System.arraycopy(bytes, 0, torn, bytes.length, 20);
    Files.write(segment, torn);
    try (Spool spool = open(SMALL)) {
      spool.release(0);
    }

    try (Spool spool = open(SMALL)) {
      assertThat(spool.status().entries()).isEqualTo(1);
      assertThat(text(take(spool))).isEqualTo("b");
    }
  }

  @Test
  void open_foreignFiles_leavesThemAlone() throws Exception {
    Files.createDirectories(folder);
    Path foreign = Files.writeString(folder.resolve("notes.txt"), "mine");

    try (Spool spool = open(SMALL)) {
      append(spool, "a");
    }

    assertThat(foreign).hasContent("mine");
  }

  @Test
  void take_contentDamagedMeanwhile_isLostAndTheNextIsGiven() throws Exception {
    try (Spool spool = open(SMALL)) {
      append(spool, "a");
      append(spool, "b");
      byte[] bytes = Files.readAllBytes(segments().getFirst());
      bytes[SpoolRecord.HEADER] ^= 1;
      Files.write(segments().getFirst(), bytes);

      assertThat(text(take(spool))).isEqualTo("b");
      assertThat(listener.losses()).containsExactly("0 DAMAGED");
    }
  }

  @Test
  void append_withACodec_writesNothingInClearAndWipesTheContent() throws Exception {
    SpoolCodec inverting =
        new SpoolCodec() {
          @Override
          public byte[] seal(byte[] content) {
            byte[] sealed = content.clone();
            for (int i = 0; i < sealed.length; i++) {
              sealed[i] ^= (byte) 0xff;
            }
            return sealed;
          }

          @Override
          public byte[] open(byte[] sealed) {
            return seal(sealed);
          }
        };
    byte[] content = "in the clear".getBytes(StandardCharsets.UTF_8);
    try (Spool spool = Spool.open(folder, SMALL, inverting, InstantSource.fixed(NOW), listener)) {
      append(spool, content);

      assertThat(content).containsOnly(0);
      assertThat(Files.readString(segments().getFirst(), StandardCharsets.ISO_8859_1))
          .doesNotContain("clear");
      assertThat(text(take(spool))).isEqualTo("in the clear");
    }
  }

  @Test
  void append_codecFails_isRefusedAndTheNextIsKept() throws Exception {
    SpoolCodec moody =
        new SpoolCodec() {
          private boolean failed;

          @Override
          public byte[] seal(byte[] content) throws IOException {
            if (!failed) {
              failed = true;
              throw new IOException("no number left");
            }
            return content.clone();
          }

          @Override
          public byte[] open(byte[] sealed) {
            return sealed;
          }
        };
    try (Spool spool = Spool.open(folder, SMALL, moody, InstantSource.fixed(NOW), listener)) {
      assertThatThrownBy(() -> append(spool, "a")).hasMessageContaining("no number left");

      assertThat(append(spool, "b")).isZero();
      assertThat(listener.recoveries()).isEqualTo(1);
    }
  }

  @Test
  void append_folderGone_isRefusedUntilItIsBack() throws Exception {
    try (Spool spool = open(SMALL)) {
      Path elsewhere = temporary.resolve("elsewhere");
      Files.move(folder, elsewhere);
      assertThatThrownBy(() -> append(spool, "a"))
          .hasCauseInstanceOf(SpoolRefusedException.class)
          .hasMessageContaining("the spool cannot be written");
      assertThat(spool.status().refused()).isEqualTo(1);

      Files.move(elsewhere, folder);
      append(spool, "b");

      assertThat(text(take(spool))).isEqualTo("b");
      assertThat(listener.recoveries()).isEqualTo(1);
    }
  }

  /** Appends until the spool refuses, and gives the last id. */
  private long fill(Spool spool) throws Exception {
    long last = -1;
    while (true) {
      try {
        last = append(spool, new byte[PICTURE]);
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(SpoolRefusedException.class);
        return last;
      }
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".spool")).sorted().toList();
    }
  }

  private Spool open(SpoolSettings settings) {
    return open(settings, NOW);
  }

  private Spool open(SpoolSettings settings, Instant now) {
    return Spool.open(folder, settings, SpoolCodec.PLAIN, InstantSource.fixed(now), listener);
  }

  private static SpoolSettings small(SpoolOrder order) {
    return new SpoolSettings(1L << 20, null, order, null, null);
  }

  private static long append(Spool spool, String content) throws Exception {
    return append(spool, content.getBytes(StandardCharsets.UTF_8));
  }

  private static long append(Spool spool, byte[] content) throws Exception {
    CompletableFuture<Long> outcome = new CompletableFuture<>();
    spool.append(content, outcome);
    return outcome.get(10, TimeUnit.SECONDS);
  }

  private static SpoolEntry take(Spool spool) throws Exception {
    return spool.take().get(10, TimeUnit.SECONDS);
  }

  private static String text(SpoolEntry entry) {
    return new String(entry.content(), StandardCharsets.UTF_8);
  }

  private static final class RecordingListener implements SpoolListener {
    private final List<String> losses = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private int recoveries;

    @Override
    public synchronized void lost(long id, SpoolLoss loss) {
      losses.add(id + " " + loss);
      notifyAll();
    }

    @Override
    public synchronized void troubled(String reason) {
      troubles.add(reason);
    }

    @Override
    public synchronized void recovered() {
      recoveries++;
    }

    synchronized List<String> losses() {
      return List.copyOf(losses);
    }

    synchronized List<String> troubles() {
      return List.copyOf(troubles);
    }

    synchronized int recoveries() {
      return recoveries;
    }

    synchronized void await(BooleanSupplier condition) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (!condition.getAsBoolean()) {
        long left = end - System.nanoTime();
        assertThat(left).as("time left; told: %s", losses).isPositive();
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    }
  }
}
