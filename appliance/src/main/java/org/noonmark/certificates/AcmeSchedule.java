package org.noonmark.certificates;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When a certificate is ordered from an ACME service, and when again after a failure. */
public final class AcmeSchedule {
    /** The first pause after a failure; each further one is twice as long. Let's Encrypt forgives five failures of a name in an hour. */
    static final Duration FIRST_PAUSE = Duration.ofMinutes(10);

    /** A service that has just begun a certificate may be this much ahead of the true time. */
    private static final Duration MOST_AHEAD = Duration.ofMinutes(1);

    private static final Duration LONGEST_PAUSE = Duration.ofHours(12);

    private AcmeSchedule() {}

    /**
     * When one is due: at two thirds of the life of the one that is there; at once where there is none, it lacks a name, or begins only in
     * the future.
     *
     * @param now proven
     */
    public static Instant due(Optional<CertifiedKey> pair, List<String> names, Instant now) {
        if (pair.isEmpty()
                || !names.stream().allMatch(pair.get()::speaksFor)
                || now.isBefore(pair.get().notBefore())) {
            return now;
        }
        Instant begin = pair.get().notBefore();
        return begin.plus(
                Duration.between(begin, pair.get().notAfter()).multipliedBy(2).dividedBy(3));
    }

    /**
     * What is wrong with one that was just issued: such a one would be ordered again at once, without end.
     *
     * @param now proven
     * @return why and what to do, in lower case; empty where nothing is
     */
    public static Optional<String> fault(CertifiedKey issued, List<String> names, Instant now) {
        if (!names.stream().allMatch(issued::speaksFor)) {
            return Optional.of("the certificate is for " + issued.hostNames() + " alone");
        }
        if (due(Optional.of(issued), names, now).isAfter(now)) {
            return Optional.empty();
        }
        return Optional.of(
                "the certificate, from " + issued.notBefore() + " to " + issued.notAfter()
                        + ", is not valid yet, or most of its life is over already: ask those who run the service about its clock");
    }

    /** How long to wait for one that begins in a moment; zero for one that has begun, or begins later than a right clock could make it. */
    public static Duration untilValid(CertifiedKey issued, Instant now) {
        Duration wait = Duration.between(now, issued.notBefore());
        return wait.isNegative() || wait.compareTo(MOST_AHEAD) > 0 ? Duration.ZERO : wait;
    }

    /** The least pause between a certificate and the next order, whatever becomes of the first; shorter only for one that lives shorter. */
    public static Duration pauseAfter(CertifiedKey issued) {
        Duration twoThirds = Duration.between(issued.notBefore(), issued.notAfter())
                .multipliedBy(2)
                .dividedBy(3);
        return twoThirds.compareTo(FIRST_PAUSE) < 0 ? twoThirds : FIRST_PAUSE;
    }

    /** How long to wait after so many failures in a row; after one and after none it is the same. */
    public static Duration pauseAfter(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.clamp(failures - 1L, 0, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
