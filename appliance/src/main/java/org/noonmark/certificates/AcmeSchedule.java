package org.noonmark.certificates;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When a certificate is ordered from an ACME service, and when again after a failure. */
public final class AcmeSchedule {
    /** The first pause after a failure; each further one is twice as long. Let's Encrypt forgives five failures of a name in an hour. */
    static final Duration FIRST_PAUSE = Duration.ofMinutes(10);

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

    /** How long to wait after so many failures in a row, at least 1. */
    public static Duration pauseAfter(int failures) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
