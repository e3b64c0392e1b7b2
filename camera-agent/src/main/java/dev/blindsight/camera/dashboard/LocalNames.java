package dev.blindsight.camera.dashboard;

import java.util.Locale;
import java.util.Set;

/**
 * The names by which a browser on this machine addresses a server on loopback.
 *
 * <p>A web site can make its own host name resolve to 127.0.0.1 and so have its visitor's browser
 * read local servers as if they were the site (DNS rebinding). The browser still sends the site's
 * name in the {@code Host} header, so a server that answers to local names only is not read.
 */
final class LocalNames {
  private static final Set<String> NAMES = Set.of("127.0.0.1", "localhost", "[::1]");

  private LocalNames() {}

  /**
   * @param host the {@code Host} header, with or without a port; empty when it is missing
   */
  static boolean contain(String host) {
    int bracket = host.lastIndexOf(']');
    int colon = host.indexOf(':', Math.max(bracket, 0));
    String name = colon < 0 ? host : host.substring(0, colon);
    return NAMES.contains(name.toLowerCase(Locale.ROOT));
  }
}
