package org.noonmark.nmea;

/**
 * What UBX TIM-TP says of the next time pulse.
 *
 * @param towMillis time of week of that pulse in its time base, milliseconds
 * @param week of that pulse in its time base, as sent
 * @param quantizationErrorPicos by which the edge will miss the true second: positive when the edge comes early; 0 and {@code
 *     quantizationValid} false when the receiver does not know
 * @param quantizationValid false when the receiver says that the error is not valid
 * @param utcBase true when the pulse is aligned to UTC, false to GNSS time
 * @param arrivalNanos local clock when the message's first byte arrived
 */
public record PulseNotice(
        long towMillis,
        int week,
        int quantizationErrorPicos,
        boolean quantizationValid,
        boolean utcBase,
        long arrivalNanos) {}
