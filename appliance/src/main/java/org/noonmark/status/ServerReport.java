package org.noonmark.status;

import org.noonmark.discipline.ClockStatus;
import org.noonmark.sources.SourceStatus;
import org.noonmark.sources.Verdict;

/**
 * How one of the time servers that are asked stands towards this machine's clock. While a receiver steers it none is shown as the one that is
 * followed, however good its figures.
 *
 * @param source the server
 * @param clock this machine's
 * @param followed whether the clock follows the servers
 */
record ServerReport(SourceStatus source, ClockStatus clock, boolean followed) {
    private static final char CONTRADICTS = 'x';
    private static final char NOT_FOLLOWED = '-';
    private static final char NOT_PREFERRED = 'P';
    /** From this on the numbering of the seconds is at stake. */
    private static final double ANOTHER_SECOND_NANOS = 0.4e9;
    /** Over twice its bound and once the clock's, a server that is a little worse than it says contradicts nothing yet. */
    private static final double DRAWN_AWAY_NANOS = 1e6;

    static ServerReport of(SourceStatus source, StatusSnapshot snapshot) {
        return new ServerReport(source, snapshot.clock(), snapshot.isFollowingServers());
    }

    /** As in chronyc's sources. */
    char sourceLetter() {
        return contradictsClock()
                ? CONTRADICTS
                : agrees() && !followed ? NOT_FOLLOWED : source.verdict().sourceLetter();
    }

    /** As in chronyc's selectdata. */
    char selectionLetter() {
        return contradictsClock()
                ? CONTRADICTS
                : agrees() && clock.state().isSynchronised()
                        ? NOT_PREFERRED
                        : source.verdict().selectionLetter();
    }

    /** One phrase. */
    String reason() {
        if (contradictsClock()) {
            return "it contradicts the clock that the receiver has proven";
        }
        if (!source.note().isEmpty() && !agrees()) {
            return source.note();
        }
        return agrees() && clock.state().isSynchronised()
                ? "it agrees with the clock; the receiver is preferred"
                : source.verdict().reason();
    }

    /** Whether it says another second than a clock that is served all the same. */
    boolean isContradictedSecond() {
        SourceStatus.Span span = source.interval();
        return contradictsClock()
                && span != null
                && (span.lowNanos() > ANOTHER_SECOND_NANOS || span.highNanos() < -ANOTHER_SECOND_NANOS);
    }

    /** Whether its newest sample has a say. */
    boolean isHeard() {
        return source.verdict() != Verdict.NOSELECT && source.reach() != 0 && source.lastSampleSeconds() >= 0;
    }

    /**
     * Reference minus a clock that the receiver steers, nanoseconds, where the newest sample alone is far beyond what either can be wrong by;
     * 0 where it is not. As it was measured, and as it is with what was corrected since: neither a crystal that has changed its pace nor a step
     * makes both.
     */
    double drawnAwayNanos() {
        double measured = source.measuredNanos();
        double adjusted = source.adjustedNanos();
        if (!isHeard() || !clock.state().isSynchronised() || measured * adjusted <= 0) {
            return 0;
        }
        double least = Math.min(Math.abs(measured), Math.abs(adjusted));
        double most = 2 * source.errorNanos() + ownBoundNanos() + DRAWN_AWAY_NANOS;
        return least > most ? Math.copySign(least, measured) : 0;
    }

    private double ownBoundNanos() {
        return clock.errorBoundNanos() + Math.abs(clock.residualOffsetNanos());
    }

    boolean agrees() {
        return source.verdict().isTruechimer() && !contradictsClock();
    }

    /** Whether the time that the server allows and that of a proven clock have nothing in common. */
    private boolean contradictsClock() {
        SourceStatus.Span span = source.interval();
        if (span == null || !clock.state().isSynchronised() || source.verdict() == Verdict.NOSELECT) {
            return false;
        }
        double bound = ownBoundNanos();
        return span.lowNanos() > bound || span.highNanos() < -bound;
    }
}
