/**
 * From receiver bytes to time labels. In: bytes with their arrival times. Out: {@link org.noonmark.nmea.TimeLabel}s, fixes and
 * sky views. Pure: no clock, thread, file or logger; the same code reads a serial port, a capture and a simulation. It knows
 * nothing of pulses or of the clock that is disciplined.
 */
@NullMarked
package org.noonmark.nmea;

import org.jspecify.annotations.NullMarked;
