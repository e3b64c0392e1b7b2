/** JSON and YAML documents bound to records, strictly. */
@NullMarked
package dev.blindsight.protocol.document;

import org.jspecify.annotations.NullMarked;
