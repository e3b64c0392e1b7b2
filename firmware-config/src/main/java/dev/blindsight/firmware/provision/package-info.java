/** What a device and its workers are given before they meet: secrets and grants. */
@NullMarked
package dev.blindsight.firmware.provision;

import org.jspecify.annotations.NullMarked;
