/**
 * Stamps and clocks. Absolute time is a {@code long}: nanoseconds since 1970-01-01 UTC as POSIX counts them (no leap seconds),
 * or a 64-bit NTP stamp. Ports for the clock that is read, the clock that is
 * steered, and the warmth near its crystal.
 */
@NullMarked
package org.noonmark.time;

import org.jspecify.annotations.NullMarked;
