package dev.blindsight.camera.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.blindsight.camera.agent.AgentState;
import dev.blindsight.camera.agent.Observation;
import dev.blindsight.protocol.message.Candidate;
import dev.blindsight.protocol.message.ResultMessage.Source;
import dev.blindsight.protocol.readout.ChannelMask;
import dev.blindsight.protocol.readout.GuaranteeLevel;
import dev.blindsight.protocol.readout.ReadoutSpec;
import dev.blindsight.protocol.readout.SensorGeometry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page as a person sees it. Pictures of it are left in target/screenshots. */
@Timeout(120)
class StatusPageBrowserTest {
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");

  @TempDir static Path profile;
  private static Browser browser;

  private StatusPage page;

  @BeforeAll
  static void openBrowser() {
    browser = Browser.open(profile);
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void start() {
    page = StatusPage.start(0);
    browser.resize(1200, 900);
    browser.prefer("light");
    browser.console();
    browser.requests();
  }

  @AfterEach
  void stop() {
    browser.visit(URI.create("about:blank"));
    page.close();
  }

  private void visit() {
    browser.visit(page.address());
    browser.awaitText("#stream", "Live");
  }

  /** Shows one observation and waits until it is drawn. */
  private void show(Observation observation) {
    page.observed(observation);
    browser.await(
        "document.querySelector(`[data-device='${arguments[0]}']`)?.dataset.sequence"
            + " === arguments[1]",
        observation.device(),
        Long.toString(observation.sequence()));
  }

  private static String part(String name) {
    return "[data-part='%s']".formatted(name);
  }

  @Test
  void page_noCamera_saysSo() {
    visit();

    assertThat(browser.text("#nobody")).contains("No camera yet");
    assertThat(browser.findAll(".camera")).isEmpty();
    assertThat(browser.text(".lede")).startsWith("A camera that recognises without forming");
  }

  @Test
  void page_cameraStarting_isShownWithItsPlacesBeforeAnyAnswer() {
    page.introduce("hall", Exposures.SPEC, GuaranteeLevel.ADDRESSED);
    page.stateChanged("hall", AgentState.STARTING, "connecting to the broker");
    visit();
    browser.awaitText(part("share"), "78 of 784 channels");

    assertThat(browser.text(part("state"))).isEqualTo("Starting");
    assertThat(browser.text(part("detail"))).isEqualTo("connecting to the broker");
    assertThat(browser.text(part("route"))).isEqualTo("no answer yet");
    assertThat(browser.find("#nobody").isDisplayed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void sensor_answer_showsKeptChannelsAtTheirPlacesAndNothingElse(String colours) {
    browser.prefer(colours);
    visit();
    show(Exposures.of("hall").taken(1));

    List<List<Integer>> cells = browser.cells(part("sensor"), 28, 28);

    ChannelMask mask = Exposures.SPEC.mask();
    Map<Integer, Integer> kept = new TreeMap<>();
    for (int channel : mask.channels()) {
      kept.put(channel, Exposures.gradient(channel));
    }
    List<Integer> empty = cells.get(firstEmpty(mask));
    assertThat(empty.get(2)).as("empty places are blue, no grey is").isGreaterThan(empty.get(0));
    for (int cell = 0; cell < cells.size(); cell++) {
      Integer value = kept.get(cell);
      assertThat(cells.get(cell))
          .as("cell %d", cell)
          .isEqualTo(value == null ? empty : List.of(value, value, value));
    }
  }

  private static int firstEmpty(ChannelMask mask) {
    int channel = 0;
    while (channel < mask.size() && mask.channelAt(channel) == channel) {
      channel++;
    }
    return channel;
  }

  @Test
  void sensor_nextExposure_replacesThePicture() {
    visit();
    show(Exposures.of("hall").taken(1));
    show(Exposures.of("hall").picture(channel -> 255).taken(2));

    List<List<Integer>> cells = browser.cells(part("sensor"), 28, 28);

    for (int channel : Exposures.SPEC.mask().channels()) {
      assertThat(cells.get(channel)).containsExactly(255, 255, 255);
    }
  }

  @Test
  void sensor_colourCameraWithOneChannelOfAPixelKept_showsThatColourAlone() {
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(4, 4, 3), 0.2, false);
    visit();
    show(Exposures.of("hall").spec(spec).picture(channel -> 200).taken(1));

    List<List<Integer>> cells = browser.cells(part("sensor"), 4, 4);

    int[][] expected = new int[16][3];
    for (int channel : spec.mask().channels()) {
      expected[channel / 3][channel % 3] = 200;
    }
    for (int channel : spec.mask().channels()) {
      assertThat(cells.get(channel / 3))
          .containsExactly(
              expected[channel / 3][0], expected[channel / 3][1], expected[channel / 3][2]);
    }
  }

  @Test
  void wire_answer_showsOneCellForEachPermutedByte() {
    visit();
    Observation observation = Exposures.of("hall").route(Source.REMOTE).taken(1);
    show(observation);

    List<List<Integer>> cells = browser.cells(part("wire"), 26, 3);

    int[] low = variable("--wire-low");
    int[] high = variable("--wire-high");
    byte[] wire = observation.wire();
    for (int slot = 0; slot < wire.length; slot++) {
      for (int colour = 0; colour < 3; colour++) {
        double expected = low[colour] + (high[colour] - low[colour]) * (wire[slot] & 0xFF) / 255.0;
        assertThat((double) cells.get(slot).get(colour)).isCloseTo(expected, within(1.0));
      }
    }
    assertThat(browser.text(part("hex")))
        .startsWith("%02x %02x %02x".formatted(wire[0], wire[1], wire[2]));
    assertThat(browser.text(part("wire-note"))).isEqualTo("78 permuted bytes, sent to a worker");
  }

  private static int[] variable(String name) {
    String hex =
        String.valueOf(
            browser.evaluate(
                "return getComputedStyle(document.body).getPropertyValue(arguments[0]).trim()",
                name));
    int rgb = Integer.parseInt(hex.substring(1), 16);
    return new int[] {rgb >> 16, (rgb >> 8) & 0xFF, rgb & 0xFF};
  }

  @Test
  void answer_local_showsLabelRouteLatencyShareAndSpec() {
    page.introduce("hall", Exposures.SPEC, GuaranteeLevel.ADDRESSED);
    page.stateChanged("hall", AgentState.RUNNING, "");
    visit();
    show(Exposures.of("hall").latency(Duration.ofNanos(1_234_567)).taken(12));

    assertThat(browser.text(part("device"))).isEqualTo("hall");
    assertThat(browser.text(part("state"))).isEqualTo("Running");
    assertThat(browser.text(part("label"))).isEqualTo("Ankle boot");
    assertThat(browser.text(part("truth"))).isEqualTo("✓ right, true label Ankle boot");
    assertThat(browser.text(part("route"))).isEqualTo("local");
    assertThat(browser.text(part("wire-note"))).isEqualTo("78 permuted bytes, not sent");
    assertThat(plain(browser.text(part("latency")))).isEqualTo("1.23 ms");
    assertThat(plain(browser.text(part("share")))).isEqualTo("78 of 784 channels, 9.9 %");
    assertThat(browser.text(part("spec"))).isEqualTo(Exposures.SPEC.id().abbreviated());
    assertThat(browser.text(part("sequence"))).isEqualTo("12");
  }

  private static String plain(String text) {
    return text.replace('\u202f', ' ');
  }

  @Test
  void answer_remote_saysSo() {
    visit();
    show(Exposures.of("hall").route(Source.REMOTE).taken(1));

    assertThat(browser.text(part("route"))).isEqualTo("remote");
  }

  @Test
  void bars_answer_areAsWideAsTheProbabilitiesAndInTheirOrder() {
    visit();
    show(Exposures.of("hall").taken(1));

    List<WebElement> names = browser.findAll(".bars .name");
    List<WebElement> tracks = browser.findAll(".bars .track");
    List<WebElement> fills = browser.findAll(".bars .fill");
    assertThat(names)
        .extracting(WebElement::getText)
        .containsExactly("Ankle boot", "Sneaker", "Sandal", "Bag", "Shirt");
    assertThat(browser.findAll(".bars .percent"))
        .extracting(percent -> plain(percent.getText()))
        .containsExactly("71.0 %", "20.0 %", "5.0 %", "2.5 %", "1.0 %");
    double[] probabilities = {0.71, 0.2, 0.05, 0.025, 0.01};
    for (int bar = 0; bar < probabilities.length; bar++) {
      int track = tracks.get(bar).getSize().width;
      assertThat((double) fills.get(bar).getSize().width)
          .isCloseTo(probabilities[bar] * track, within(1.0));
    }
  }

  @Test
  void accuracy_whileWatching_followsTheAnswers() {
    visit();
    show(Exposures.of("hall").correct(1).taken(1));
    assertThat(plain(browser.text(part("accuracy")))).isEqualTo("100.0 % 1/1");

    show(Exposures.of("hall").expected("Sneaker").correct(1).taken(2));

    assertThat(plain(browser.text(part("accuracy")))).isEqualTo("50.0 % 1/2");
    assertThat(browser.text(part("truth"))).isEqualTo("✗ wrong, true label Sneaker");
  }

  @Test
  void accuracy_trueLabelNotKnown_isNotClaimed() {
    visit();
    show(Exposures.of("hall").expected(null).correct(0).taken(3));

    assertThat(browser.text(part("accuracy"))).isEqualTo("not known");
    assertThat(browser.text(part("truth"))).isEqualTo("true label not known");
  }

  @ParameterizedTest
  @CsvSource({
    "ADDRESSED, A, never leave the sensor, a compromised host could read more",
    "UNDRIVEN, B, never on the bus, a compromised host could read more",
    "DISCARDED, C, the host stores no byte of them, a compromised host could read more",
    "FRAME_IN_DRIVER, D, A whole frame exists in driver memory, development and legacy cameras"
  })
  void guarantee_anyLevel_isExplainedWithItsCaveat(
      GuaranteeLevel level, String grade, String meaning, String caveat) {
    visit();
    show(Exposures.of("hall").guarantee(level).taken(1));

    assertThat(browser.text(part("grade"))).isEqualTo(grade);
    assertThat(browser.text(part("level"))).startsWith("Guarantee level " + grade);
    assertThat(browser.text(part("meaning"))).contains(meaning);
    assertThat(browser.text(part("caveat"))).contains(caveat);
  }

  @ParameterizedTest
  @EnumSource(AgentState.class)
  void state_anyState_isNamed(AgentState state) {
    page.stateChanged("hall", state, "");
    visit();

    browser.await(
        "document.querySelector(\"[data-part='state']\")?.innerText.toLowerCase()"
            + " === arguments[0].toLowerCase()",
        state.name());
  }

  @Test
  void twoCameras_eachShowsItsOwn() {
    visit();
    show(Exposures.of("hall").taken(1));
    show(
        Exposures.of("yard")
            .route(Source.REMOTE)
            .labels(List.of(new Candidate("Coat", 1)))
            .taken(5));

    assertThat(browser.text("[data-device='hall'] " + part("label"))).isEqualTo("Ankle boot");
    assertThat(browser.text("[data-device='hall'] " + part("route"))).isEqualTo("local");
    assertThat(browser.text("[data-device='yard'] " + part("label"))).isEqualTo("Coat");
    assertThat(browser.text("[data-device='yard'] " + part("route"))).isEqualTo("remote");
  }

  @Test
  void names_withMarkup_areShownAsText() {
    String markup = "<img src=x onerror=alert(1)>";
    visit();
    show(Exposures.of("hall").labels(List.of(new Candidate(markup, 1))).expected(markup).taken(1));

    assertThat(browser.text(part("label"))).isEqualTo(markup);
    assertThat(browser.findAll(".camera img")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {320, 360, 768, 1200, 1920})
  void page_anyWidth_needsNoHorizontalScroll(int width) {
    browser.resize(width, 800);
    page.stateChanged("hall", AgentState.DEGRADED, "broker mqtt://127.0.0.1:1883 gone: ".repeat(4));
    visit();
    show(
        Exposures.of("hall")
            .labels(List.of(new Candidate("An uncommonly long name of a label", 1)))
            .expected("Another uncommonly long name of a label")
            .latency(Duration.ofMillis(1_234))
            .correct(99_999)
            .taken(123_456));
    show(Exposures.of("yard-behind-the-house-with-the-long-name").taken(1));

    assertThat(
            browser.evaluate(
                "const { scrollWidth, clientWidth } = document.documentElement;"
                    + "return scrollWidth - clientWidth"))
        .isEqualTo(0L);
    assertThat(browser.evaluate("return innerWidth")).isEqualTo((long) width);
    Object outside =
        browser.evaluate(
            """
            return Array.from(document.querySelectorAll("body *"))
                .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5
                    && !element.closest("template"))
                .map((element) => element.outerHTML.slice(0, 80));
            """);
    assertThat((List<?>) outside).isEmpty();
    assertThat(browser.evaluate("return document.querySelector('.plate').clientWidth >= 200"))
        .isEqualTo(true);
  }

  @Test
  void card_differentAnswers_keepsItsHeight() {
    page.introduce("hall", Exposures.SPEC, GuaranteeLevel.ADDRESSED);
    visit();
    browser.awaitText(part("share"), "78 of 784 channels");
    int height = browser.find(".camera").getSize().height;
    show(Exposures.of("hall").taken(1));
    assertThat(browser.find(".camera").getSize().height).isEqualTo(height);

    show(
        Exposures.of("hall")
            .route(Source.REMOTE)
            .expected(null)
            .labels(
                List.of(
                    new Candidate("An uncommonly long name of a label".repeat(3), 0.5),
                    new Candidate("Sandal", 0.5)))
            .taken(1_000_000));

    assertThat(browser.find(".camera").getSize().height).isEqualTo(height);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void text_eitherScheme_standsOutFromItsGround(String colours) {
    browser.prefer(colours);
    page.stateChanged("hall", AgentState.DEGRADED, "broker gone");
    visit();
    show(Exposures.of("hall").taken(1));
    show(Exposures.of("yard").route(Source.REMOTE).expected("Bag").taken(1));

    Object faint =
        browser.evaluate(
            """
            const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
            const light = (colour) => {
              const [r, g, b] = parse(colour).map((part) => {
                const share = part / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const ground = (element) => {
              const colour = getComputedStyle(element).backgroundColor;
              return parse(colour)[3] === 0 ? ground(element.parentElement) : colour;
            };
            const contrast = (element) => {
              const levels = [light(getComputedStyle(element).color), light(ground(element))];
              return (Math.max(...levels) + 0.05) / (Math.min(...levels) + 0.05);
            };
            const written = (element) => element.checkVisibility()
                && Array.from(element.childNodes)
                    .some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
            return Array.from(document.querySelectorAll("body *"))
                .filter((element) => written(element) && contrast(element) < 4.5)
                .map((element) => `${element.outerHTML.slice(0, 60)} ${contrast(element)}`);
            """);

    assertThat((List<?>) faint).isEmpty();
    assertThat(brightness("body")).matches(value -> colours.equals("dark") == value < 60);
    assertThat(brightness(".camera")).matches(value -> colours.equals("dark") == value < 60);
  }

  private static double brightness(String selector) {
    String colour = browser.find(selector).getCssValue("background-color");
    String[] parts = colour.replaceAll("[^0-9,.]", "").split(",", -1);
    return (Double.parseDouble(parts[0])
            + Double.parseDouble(parts[1])
            + Double.parseDouble(parts[2]))
        / 3;
  }

  @Test
  void scheme_changedWhileWatching_recoloursTheDrawnExposure() {
    visit();
    show(Exposures.of("hall").taken(1));
    int empty = firstEmpty(Exposures.SPEC.mask());
    int kept = Exposures.SPEC.mask().channelAt(3);
    List<Integer> light = browser.cells(part("sensor"), 28, 28).get(empty);

    browser.prefer("dark");
    browser.await("matchMedia('(prefers-color-scheme: dark)').matches");
    browser.await("getComputedStyle(document.body).backgroundColor === 'rgb(16, 20, 22)'");
    // The page draws once it has been told, which may be after its style has changed.
    List<List<Integer>> dark = browser.cells(part("sensor"), 28, 28);
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (dark.get(empty).equals(light) && System.nanoTime() < deadline) {
      dark = browser.cells(part("sensor"), 28, 28);
    }

    int value = Exposures.gradient(kept);
    assertThat(dark.get(empty)).isNotEqualTo(light);
    assertThat(dark.get(kept)).containsExactly(value, value, value);
  }

  @Test
  void pause_byKeyboard_holdsThePictureUntilResumed() {
    visit();
    show(Exposures.of("hall").taken(1));
    browser.press(Keys.TAB);
    assertThat(browser.focus()).isEqualTo("pause");
    browser.press(Keys.ENTER);
    assertThat(browser.text("#pause")).isEqualTo("Resume");

    // A second listener in the same page tells when the exposure has come through.
    browser.evaluate(
        """
        window.heard = 0;
        const listener = new EventSource("/events");
        listener.addEventListener("answer", (event) => {
          window.heard = JSON.parse(event.data).sequence;
        });
        """);
    page.observed(Exposures.of("hall").taken(2));
    browser.await("window.heard === 2");
    assertThat(browser.text(part("sequence"))).isEqualTo("1");

    browser.press(Keys.ENTER);
    browser.awaitText(part("sequence"), "2");
  }

  @Test
  void stream_agentGoneAndBack_isSaidAndMended() {
    page.stateChanged("hall", AgentState.RUNNING, "");
    visit();
    browser.await("document.querySelector(\"[data-device='hall']\") !== null");
    int port = page.port();

    page.close();
    browser.awaitText("#stream", "Connection lost");
    assertThat(browser.text("#lost")).startsWith("The agent does not answer");
    assertThat(browser.findAll("[data-device='hall']")).hasSize(1);

    page = StatusPage.start(port);
    page.stateChanged("yard", AgentState.RUNNING, "");
    browser.awaitText("#stream", "Live");
    browser.await("document.querySelector(\"[data-device='yard']\") !== null");
    assertThat(browser.find("#lost").isDisplayed()).isFalse();
    assertThat(browser.findAll("[data-device='hall']")).isEmpty();
  }

  @Test
  void page_whileWatching_asksNobodyElseAndComplainsOfNothing() {
    visit();
    show(Exposures.of("hall").taken(1));
    show(Exposures.of("hall").taken(2));

    assertThat(browser.requests())
        .isNotEmpty()
        .allSatisfy(request ->
            assertThat(page.address().resolve("/").resolve(request))
                .hasHost("127.0.0.1")
                .hasPort(page.port()));
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void page_largeSensor_isDrawnWhole() {
    ReadoutSpec spec = ReadoutSpec.corenet(new SensorGeometry(224, 224, 3), 0.1, true);
    visit();
    show(Exposures.of("hall").spec(spec).picture(channel -> 255).taken(1));

    List<List<Integer>> cells = browser.cells(part("sensor"), 224, 224);

    long drawn = cells.stream().filter(cell -> cell.contains(255)).count();
    long places =
        java.util.Arrays.stream(spec.mask().channels()).map(place -> place / 3).distinct().count();
    assertThat(drawn).isEqualTo(places);
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void page_twoCameras_isPhotographedForPeople() throws IOException {
    page.introduce("hall", Exposures.SPEC, GuaranteeLevel.ADDRESSED);
    page.stateChanged("hall", AgentState.RUNNING, "");
    page.introduce("yard", Exposures.SPEC, GuaranteeLevel.ADDRESSED);
    page.stateChanged("yard", AgentState.DEGRADED, "broker gone; answering on the device");
    visit();
    show(Exposures.of("hall").taken(1));
    show(Exposures.of("yard").route(Source.REMOTE).expected("Bag").correct(0).taken(1));

    browser.photograph(SCREENSHOTS.resolve("desktop-light.png"));
    browser.prefer("dark");
    browser.photograph(SCREENSHOTS.resolve("desktop-dark.png"));
    browser.prefer("light");
    browser.resize(360, 1500);
    browser.photograph(SCREENSHOTS.resolve("phone.png"));

    assertThat(SCREENSHOTS.resolve("phone.png")).isNotEmptyFile();
  }
}
