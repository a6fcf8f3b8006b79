/**
 * Lamps and later a polled pin, through Pi4J. Never needed for time: a board without them still serves.
 */
@NullMarked
package org.noonmark.pps.gpio;

import org.jspecify.annotations.NullMarked;
