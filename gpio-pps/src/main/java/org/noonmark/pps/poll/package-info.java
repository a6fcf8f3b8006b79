/**
 * Pulses seen by reading the pin itself, again and again around the moment at which they are due. In: a GPIO's level from the
 * registers of the board. Out: edges with a bracket that holds the true one, and so the delay of those that the kernel stamps.
 * Never run on a board so far.
 */
@NullMarked
package org.noonmark.pps.poll;

import org.jspecify.annotations.NullMarked;
