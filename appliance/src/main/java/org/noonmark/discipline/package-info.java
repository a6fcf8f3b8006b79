/**
 * From edges and labels to clock corrections. In: edges, labels, ticks, the temperature. Out: {@link org.noonmark.discipline.Correction}s and
 * {@link org.noonmark.discipline.ClockStatus}. And what a list of leap seconds says. Pure: no clock is read here, no thread, no file;
 * the daemon and the simulator run the same core.
 */
@NullMarked
package org.noonmark.discipline;

import org.jspecify.annotations.NullMarked;
