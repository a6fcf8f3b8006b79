package org.noonmark.time;

/**
 * An offset that a clock works off by itself, as adjtime(3) has it: from the clock's next whole second on, by at most half a
 * millisecond in each of its seconds, evenly over it; then nothing of it is left, whether or not its author still lives.
 *
 * @param untilNanos the clock's whole second until which {@code pieceNanos} is worked off
 * @param pieceNanos the present second's part, ns; positive: forward
 * @param restNanos what the seconds after have to do
 */
public record Slew(long untilNanos, long pieceNanos, long restNanos) {
    /** The kernel's MAX_TICKADJ (linux/timex.h): 500 us in a second. As a frequency, the same number of ppb. */
    public static final long MOST_NANOS = 500_000;

    /** Nothing is being worked off. */
    public static final Slew NONE = new Slew(Long.MAX_VALUE, 0, 0);

    private static final long SECOND = 1_000_000_000L;
    private static final long GRAIN_NANOS = 1_000; // the kernel counts in microseconds

    /** What a clock makes of {@code nanos}: whole microseconds. */
    public static long rounded(long nanos) {
        return Math.round((double) nanos / GRAIN_NANOS) * GRAIN_NANOS;
    }

    /** The clock shows {@code localNanos}, and takes on {@code nanos}, rounded; the present second's part of the old goes on. */
    public Slew replacedBy(long nanos, long localNanos) {
        Slew old = at(localNanos);
        if (nanos == 0 && old.pieceNanos == 0) {
            return NONE;
        }
        long until = old.isOver() ? Math.floorDiv(localNanos, SECOND) * SECOND + SECOND : old.untilNanos;
        return new Slew(until, old.pieceNanos, nanos);
    }

    /** What it is when the clock shows {@code localNanos}, not before the moment of the last call. */
    public Slew at(long localNanos) {
        Slew slew = this;
        while (!slew.isOver() && localNanos >= slew.untilNanos) {
            slew = slew.next();
        }
        return slew;
    }

    private Slew next() {
        long piece = Math.clamp(restNanos, -MOST_NANOS, MOST_NANOS);
        return piece == 0 ? NONE : new Slew(untilNanos + SECOND, piece, restNanos - piece);
    }

    public boolean isOver() {
        return pieceNanos == 0 && restNanos == 0;
    }

    /** What it adds to the clock's frequency until {@link #untilNanos}, ppb. */
    public double ppb() {
        return pieceNanos;
    }

    /** What there is still to do when the clock shows {@code localNanos}. */
    public double leftNanos(long localNanos) {
        return isOver() ? 0 : movedNanos(localNanos, untilNanos) + restNanos;
    }

    /**
     * What will still be worked off, from {@code localNanos} on, when another takes its place {@code soonNanos} later: the part of the
     * second that has begun by then.
     */
    public double underWayNanos(long localNanos, long soonNanos) {
        Slew then = at(localNanos + soonNanos);
        return then.pieceNanos == 0 ? 0 : at(localNanos).movedNanos(localNanos, then.untilNanos);
    }

    /** By how much it moves the clock from {@code fromNanos}, in the present second, to {@code toNanos}. */
    public double movedNanos(long fromNanos, long toNanos) {
        if (isOver()) {
            return 0;
        }
        double moved = pieceNanos * ((Math.min(toNanos, untilNanos) - fromNanos) * 1e-9);
        if (toNanos <= untilNanos) {
            return moved;
        }
        long seconds = (toNanos - untilNanos) / SECOND;
        double fraction = (toNanos - untilNanos) % SECOND * 1e-9;
        double size = Math.abs((double) restNanos);
        double whole = Math.min(size, (double) seconds * MOST_NANOS);
        return moved + Math.signum((double) restNanos) * (whole + fraction * Math.min(MOST_NANOS, size - whole));
    }
}
