package org.noonmark.discipline;

/**
 * Tells stamps that were taken before a step of the clock, and arrive after it, from those taken since. After a step forward they lie
 * in the past; after a step backward they lie in the future, within seconds of what the clock showed before.
 */
final class StepShadow {
    /** The longest that an event may be on its way. */
    private static final long ON_THE_WAY_NANOS = 5_000_000_000L;

    private long afterNanos = Long.MIN_VALUE;
    private long beforeNanos = Long.MIN_VALUE;
    private long endsNanos = Long.MIN_VALUE;

    /** The clock was moved by {@code deltaNanos} and showed {@code atNanos} right after. */
    void onStepped(long deltaNanos, long atNanos) {
        afterNanos = atNanos;
        beforeNanos = atNanos - deltaNanos;
        endsNanos = atNanos + ON_THE_WAY_NANOS;
    }

    /** The local clock shows {@code nowNanos}. */
    void onTick(long nowNanos) {
        if (nowNanos > endsNanos) {
            beforeNanos = Long.MIN_VALUE; // whatever was on its way has arrived
        }
    }

    /** Someone else moved the clock: no stamp can be placed any more. */
    void forget() {
        afterNanos = Long.MIN_VALUE;
        beforeNanos = Long.MIN_VALUE;
    }

    /** Whether a stamp is of the time before the step. */
    boolean covers(long stampNanos) {
        boolean past = stampNanos < afterNanos;
        boolean future = beforeNanos != Long.MIN_VALUE
                && stampNanos <= beforeNanos
                && stampNanos > beforeNanos - ON_THE_WAY_NANOS;
        return past || future;
    }
}
