package org.noonmark.discipline;

/**
 * What a timing receiver says of the pulses that it is about to give: its own clock's grain lets each one come a little early or
 * late (UBX-TIM-TP, qErr). Told before the pulse; kept until the next word.
 */
final class PulseQuantisation {
    private long utcSeconds = Long.MIN_VALUE;
    private double lateNanos;

    /** The pulse of the second {@code second} comes {@code nanos} late. */
    void onAnnounced(long second, double nanos) {
        utcSeconds = second;
        lateNanos = nanos;
    }

    /** How late the pulse of {@code second} came by its receiver's word; 0 where it said nothing. */
    double lateNanos(long second) {
        return second == utcSeconds ? lateNanos : 0;
    }
}
