/** The description of a network and the card that travels in a model file. */
@NullMarked
package dev.blindsight.protocol.model;

import org.jspecify.annotations.NullMarked;
