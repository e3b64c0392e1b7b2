package dev.blindsight.camera.dashboard;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Debian's headless Chromium with an empty profile; nothing is ever downloaded for it. */
final class Browser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Skips the test where Chromium is not installed, but not in CI, which installs it. */
  static Browser open(Path profile) {
    if (System.getenv("CI") == null) {
      assumeTrue(
          Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
          "the browser tests need %s and %s: apt-get install chromium chromium-driver"
              .formatted(CHROMIUM, DRIVER));
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--user-data-dir=" + profile);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER.toString()))
            .usingAnyFreePort()
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  /**
   * Sets the window's inner size.
   *
   * @param width in CSS pixels
   * @param height in CSS pixels
   */
  void resize(int width, int height) {
    Map<String, Object> metrics =
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600);
    driver.executeCdpCommand("Emulation.setDeviceMetricsOverride", metrics);
  }

  /**
   * Sets what the person prefers; always without motion, so that nothing is half-way when looked
   * at.
   *
   * @param colours "light" or "dark"
   */
  void prefer(String colours) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", colours),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  void visit(URI address) {
    driver.get(address.toString());
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> findAll(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** The text a person reads at the first match. */
  String text(String selector) {
    return find(selector).getText();
  }

  /** Waits for a script's value to be true. */
  void await(String expression, Object... arguments) {
    new WebDriverWait(driver, PATIENCE)
        .withMessage(expression)
        .until(any -> Boolean.TRUE.equals(driver.executeScript("return " + expression, arguments)));
  }

  /** Waits for an element's text. */
  void awaitText(String selector, String text) {
    await(
        "document.querySelector(arguments[0])?.innerText?.includes(arguments[1]) ?? false",
        selector,
        text);
  }

  /** Runs a script; numbers come as Long or Double, arrays as lists. */
  @Nullable Object evaluate(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /**
   * The colours in the middle of every cell of a canvas, row by row.
   *
   * @return red, green, blue of each cell, 0 to 255 each
   */
  List<List<Integer>> cells(String canvas, int columns, int rows) {
    Object cells =
        driver.executeScript(
            """
            const [selector, columns, rows] = arguments;
            const canvas = document.querySelector(selector);
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return Array.from({ length: columns * rows }, (_, cell) => {
              const x = Math.floor(((cell % columns) + 0.5) * canvas.width / columns);
              const y = Math.floor((Math.floor(cell / columns) + 0.5) * canvas.height / rows);
              return Array.from(data.subarray(4 * (y * canvas.width + x)).subarray(0, 3));
            });
            """,
            canvas, columns, rows);
    return ((List<?>) cells)
        .stream()
            .map(cell -> ((List<?>) cell).stream().map(part -> ((Number) part).intValue()).toList())
            .toList();
  }

  /** What the page and the browser wrote to the console since the last call. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /** The addresses requested since the last call, but for those inside the browser itself. */
  List<URI> requests() {
    JsonMapper json = JsonMapper.shared();
    return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
        .map(entry -> json.readTree(entry.getMessage()).path("message"))
        .filter(message -> message.path("method").asString("").equals("Network.requestWillBeSent"))
        .map(message -> message.path("params").path("request").path("url"))
        .map(JsonNode::asString)
        .filter(address -> !address.startsWith("data:") && !address.startsWith("chrome:"))
        .map(URI::create)
        .toList();
  }

  /** Writes what the window shows, for people to look at. */
  void photograph(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
  }

  @Override
  public void close() {
    driver.quit();
  }

  /** Presses a key where the focus is. */
  void press(Keys key) {
    driver.switchTo().activeElement().sendKeys(key);
  }

  /** The id of what has the focus. */
  String focus() {
    return String.valueOf(driver.switchTo().activeElement().getDomAttribute("id"));
  }
}
