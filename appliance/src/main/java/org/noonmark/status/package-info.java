/**
 * What the human side shows: one snapshot, its renderings as text (chronyc's layouts) and JSON (gpsd's names).
 */
@NullMarked
package org.noonmark.status;

import org.jspecify.annotations.NullMarked;
