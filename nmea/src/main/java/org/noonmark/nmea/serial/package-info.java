/**
 * The serial port of the receiver: opens it, finds its speed, reads it and reopens it after an unplug. The only place that
 * knows jSerialComm.
 */
@NullMarked
package org.noonmark.nmea.serial;

import org.jspecify.annotations.NullMarked;
