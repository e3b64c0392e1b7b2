/** The worker: answers readouts of any number of cameras over a shared subscription. */
@NullMarked
package dev.blindsight.camera.worker;

import org.jspecify.annotations.NullMarked;
