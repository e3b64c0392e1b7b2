/** What is decided about one device before it is deployed. */
@NullMarked
package dev.blindsight.firmware.profile;

import org.jspecify.annotations.NullMarked;
