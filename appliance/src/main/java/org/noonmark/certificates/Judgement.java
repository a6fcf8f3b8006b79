package org.noonmark.certificates;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** What a person should hear of a certificate's dates. */
public final class Judgement {
    private static final Duration LONGEST_WARNING = Duration.ofDays(30);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy-MM-dd").withZone(ZoneOffset.UTC);

    private Judgement() {}

    /** Whether clients with right clocks would take it at {@code now}. */
    public static boolean holds(CertifiedKey pair, Instant now) {
        return !now.isBefore(pair.notBefore()) && !now.isAfter(pair.notAfter());
    }

    /**
     * One sentence without a full stop, to follow the certificate's name and a colon: that it has ended, or will soon (in 30 days, or in a
     * fifth of its life), or has not begun. Empty when all is well.
     *
     * @param now a proven time
     */
    public static Optional<String> of(CertifiedKey pair, Instant now) {
        if (now.isAfter(pair.notAfter())) {
            return Optional.of("the certificate ended on " + DAY.format(pair.notAfter())
                    + " and clients refuse it: put a new one in its place, it is taken without a restart");
        }
        if (now.isBefore(pair.notBefore())) {
            return Optional.of("the certificate begins only on " + DAY.format(pair.notBefore())
                    + " and clients refuse it until then: put one in its place that holds today");
        }
        Duration fifth = Duration.between(pair.notBefore(), pair.notAfter()).dividedBy(5);
        Duration warning = fifth.compareTo(LONGEST_WARNING) < 0 ? fifth : LONGEST_WARNING;
        Duration left = Duration.between(now, pair.notAfter());
        return left.compareTo(warning) < 0
                ? Optional.of("the certificate ends on " + DAY.format(pair.notAfter()) + ", in " + left.toDays()
                        + " days: renew it in time, the new one is taken without a restart")
                : Optional.empty();
    }
}
