/**
 * What the human side shows: one snapshot, its renderings as text (our own and chronyc's layouts) and as JSON (our own
 * names with their units), and gpsd's JSON of what a receiver said.
 */
@NullMarked
package org.noonmark.status;

import org.jspecify.annotations.NullMarked;
