/**
 * Setting a receiver up: which settings a time server wants, asking for them, changing what differs. In: frames of the receiver, and
 * the time. Out: commands to be written to it, and an account of what was changed. It knows neither ports nor threads.
 */
@NullMarked
package org.noonmark.nmea.setup;

import org.jspecify.annotations.NullMarked;
