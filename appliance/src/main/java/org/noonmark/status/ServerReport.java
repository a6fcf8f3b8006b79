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

    boolean agrees() {
        return source.verdict().isTruechimer() && !contradictsClock();
    }

    /** Whether the time that the server allows and that of a proven clock have nothing in common. */
    private boolean contradictsClock() {
        SourceStatus.Span span = source.interval();
        if (span == null || !clock.state().isSynchronised() || source.verdict() == Verdict.NOSELECT) {
            return false;
        }
        double bound = clock.errorBoundNanos() + Math.abs(clock.residualOffsetNanos());
        return span.lowNanos() > bound || span.highNanos() < -bound;
    }
}
