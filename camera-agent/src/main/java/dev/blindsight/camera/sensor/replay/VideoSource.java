package dev.blindsight.camera.sensor.replay;

import dev.blindsight.camera.sensor.SensorSource;
import dev.blindsight.protocol.UserError;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A video and how it is played.
 *
 * @param url as FFmpeg is given it, credentials and all
 * @param name as people may read it: no credentials, no query
 * @param network whether it comes from elsewhere
 * @param paced whether pictures come at the video's own speed, the newest winning; otherwise each
 *     is an exposure, when it is asked for
 * @param loop begin again when it has ended
 * @param start the first picture's index
 * @param step from one picture to the next, at least 1
 * @param count how many exposures in all; absent, no limit
 * @param timeout how long to wait for the other side
 * @param ffmpegOptions for FFmpeg's demultiplexers and protocols
 */
record VideoSource(
    String url,
    String name,
    boolean network,
    boolean paced,
    boolean loop,
    long start,
    long step,
    @Nullable Long count,
    Duration timeout,
    SequencedMap<String, String> ffmpegOptions) {
  /** Transports, which are schemes of sources too. */
  static final Set<String> TRANSPORTS = Set.of("rtsp", "rtsps", "http", "https", "udp", "tcp");

  /** The name that chooses this kind of sensor. */
  static final String SCHEME = "replay";

  private static final Set<String> OWN_OPTIONS =
      Set.of("loop", "start", "step", "count", "paced", "timeout_seconds");

  /** What FFmpeg does not take from the address. */
  private static final Set<String> FFMPEG_OPTIONS =
      Set.of("rtsp_flags", "rtsp_transport", "tls_verify", "ca_file");

  private static final Pattern ADDRESS =
      Pattern.compile("([a-z]+)://(?:[^/@]*@)?([^/@]+)(/[^@]*)?", Pattern.CASE_INSENSITIVE);
  private static final int SECONDS = 10;
  private static final int MOST_SECONDS = 3600;

  VideoSource {
    ffmpegOptions = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(ffmpegOptions));
  }

  /**
   * @throws UserError when the file cannot be read or an option is none
   */
  static VideoSource of(SensorSource source) {
    String location = source.location();
    String address =
        source.scheme().isEmpty() || source.scheme().equals(SCHEME)
            ? location
            : source.scheme() + ":" + location;
    Matcher parts = ADDRESS.matcher(address);
    boolean network = address.contains("://") || TRANSPORTS.contains(source.scheme());
    if (!network) {
      source.requireOptionsAmong(OWN_OPTIONS);
      return of(
          source,
          "file:" + readable(location),
          location,
          false,
          Map.of("protocol_whitelist", "file"));
    }
    if (!parts.matches() || !TRANSPORTS.contains(parts.group(1).toLowerCase(Locale.ROOT))) {
      throw new UserError(
          "sensor source %s: this is no address of a video: write as rtsp://user:password@host:554/path, or http, https, udp, tcp"
              .formatted(source.withoutSecrets()));
    }
    String path = parts.group(3) == null ? "" : parts.group(3);
    return of(
        source,
        address + query(source),
        parts.group(1) + "://" + parts.group(2) + path,
        true,
        network(source));
  }

  private static VideoSource of(
      SensorSource source, String url, String name, boolean network, Map<String, String> ffmpeg) {
    return new VideoSource(
        url,
        name,
        network,
        flag(source, name, "paced", network),
        flag(source, name, "loop", false),
        number(source, name, "start", 0, 0, Integer.MAX_VALUE),
        number(source, name, "step", 1, 1, Integer.MAX_VALUE),
        source.options().containsKey("count")
            ? number(source, name, "count", 1, 0, Integer.MAX_VALUE)
            : null,
        Duration.ofSeconds(number(source, name, "timeout_seconds", SECONDS, 1, MOST_SECONDS)),
        new LinkedHashMap<>(ffmpeg));
  }

  private static String readable(String location) {
    Path path;
    try {
      path = Path.of(location);
    } catch (InvalidPathException e) {
      throw new UserError("\"%s\" is no path: give the path of a video".formatted(location), e);
    }
    if (!Files.exists(path)) {
      throw new UserError("%s: no such file: check the path".formatted(location));
    }
    if (Files.isDirectory(path)) {
      throw new UserError("%s is a folder: give the path of a video in it".formatted(location));
    }
    if (!Files.isReadable(path)) {
      throw new UserError(
          "%s: permission denied: let user %s read it (chmod, chown)"
              .formatted(location, System.getProperty("user.name")));
    }
    return location;
  }

  /** What of the options is the server's. */
  private static String query(SensorSource source) {
    String query =
        source.options().entrySet().stream()
            .filter(option ->
                !OWN_OPTIONS.contains(option.getKey()) && !FFMPEG_OPTIONS.contains(option.getKey()))
            .map(option -> option.getKey() + "=" + option.getValue())
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? "" : "?" + query;
  }

  private static Map<String, String> network(SensorSource source) {
    Map<String, String> options = new LinkedHashMap<>();
    // Whatever a server answers, no file of this machine is opened for it.
    options.put(
        "protocol_whitelist", "rtsp,rtsps,rtp,srtp,http,https,httpproxy,udp,tcp,tls,crypto");
    // A stream that goes on for ever is looked into for a second, not for the usual five.
    options.put("analyzeduration", "1000000");
    options.put("fpsprobesize", "2");
    for (String option : FFMPEG_OPTIONS) {
      String value = source.options().get(option);
      if (value != null) {
        options.put(option, value);
      }
    }
    return options;
  }

  private static long number(
      SensorSource source, String name, String key, long otherwise, long least, long most) {
    String text = source.options().get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below, together with numbers out of range.
    }
    throw new UserError(
        "sensor source %s: option %s is \"%s\": give a whole number from %d to %d"
            .formatted(name, key, text, least, most));
  }

  private static boolean flag(SensorSource source, String name, String key, boolean otherwise) {
    String text = source.options().getOrDefault(key, String.valueOf(otherwise));
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new UserError(
              "sensor source %s: option %s is \"%s\": give true or false"
                  .formatted(name, key, text));
    };
  }

  /** Whether it has an end that is no failure: a stream from elsewhere goes on for ever. */
  boolean ends() {
    return !network || !paced;
  }

  /** Says nothing of credentials. */
  @Override
  public String toString() {
    return name;
  }
}
