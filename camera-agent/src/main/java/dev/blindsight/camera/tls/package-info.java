/** TLS from PEM files: whom to trust, and how to prove who one is. */
@NullMarked
package dev.blindsight.camera.tls;

import org.jspecify.annotations.NullMarked;
