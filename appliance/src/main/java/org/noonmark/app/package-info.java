/**
 * Composition root: builds the daemon by hand from its parts, owns its threads and its life.
 */
@NullMarked
package org.noonmark.app;

import org.jspecify.annotations.NullMarked;
