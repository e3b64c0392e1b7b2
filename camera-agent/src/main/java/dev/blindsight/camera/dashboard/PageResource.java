package dev.blindsight.camera.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * A file of the page, held in memory: the page is a handful of small files.
 *
 * @param path where the browser finds it
 * @param contentType its media type
 * @param content the file's bytes
 */
@SuppressWarnings("ArrayRecordComponent") // only ever written out
record PageResource(String path, String contentType, byte[] content) {

  /** All files of the page; there are no others. */
  static List<PageResource> all() {
    return List.of(
        read("/", "index.html", "text/html; charset=utf-8"),
        read("/page.css", "page.css", "text/css; charset=utf-8"),
        read("/page.js", "page.js", "text/javascript; charset=utf-8"),
        read("/camera.js", "camera.js", "text/javascript; charset=utf-8"),
        read("/pixels.js", "pixels.js", "text/javascript; charset=utf-8"),
        read("/icon.svg", "icon.svg", "image/svg+xml"));
  }

  private static PageResource read(String path, String name, String contentType) {
    try (InputStream file = PageResource.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("the status page's file %s is missing".formatted(name));
      }
      return new PageResource(path, contentType, file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
