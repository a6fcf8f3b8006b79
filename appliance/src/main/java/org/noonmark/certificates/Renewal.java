package org.noonmark.certificates;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the built-in authority has to do now. Before the time is proven nothing is made, since it would bear a wrong date, and nothing judged. */
public enum Renewal {
    /** There is nothing to serve with, and no date to make it with. */
    WAIT_FOR_THE_TIME,
    /** The first start, or the last days of an authority. */
    MAKE_AUTHORITY,
    /** No certificate of this server, a date near its end, or other names and addresses. */
    ISSUE_CERTIFICATE,
    /** All is well, or cannot be judged yet. */
    KEEP;

    /** A certificate is renewed when a third of its life is left. */
    private static final Duration SERVER_MARGIN = LocalAuthority.SERVER_LIFE.dividedBy(3);

    /** What is issued never outlives its authority: one with less left would be asked for another certificate at each look. */
    private static final Duration AUTHORITY_MARGIN = SERVER_MARGIN.plusDays(1);

    /**
     * Decides.
     *
     * @param authority as it was found, if it was
     * @param pair the server's own key and certificate, if there are
     * @param provenNow the time; empty while it is not proven
     * @param names that the certificate ought to bear
     */
    public static Renewal of(
            Optional<LocalAuthority> authority,
            Optional<CertifiedKey> pair,
            Optional<Instant> provenNow,
            ServerNames names) {
        if (provenNow.isEmpty()) {
            return authority.isPresent() && pair.isPresent() ? KEEP : WAIT_FOR_THE_TIME;
        }
        Instant now = provenNow.get();
        if (authority.isEmpty()
                || endsWithin(authority.get().certificate().getNotAfter().toInstant(), AUTHORITY_MARGIN, now)) {
            return MAKE_AUTHORITY;
        }
        if (authority.get().certificate().getNotBefore().toInstant().isAfter(now)) {
            // Made when the clock was ahead, or the clock is behind now: what were issued would be as little valid.
            return pair.isPresent() ? KEEP : WAIT_FOR_THE_TIME;
        }
        boolean good = pair.isPresent()
                && !pair.get().notBefore().isAfter(now)
                && !endsWithin(pair.get().notAfter(), SERVER_MARGIN, now)
                && authority.get().covers(names, pair.get());
        return good ? KEEP : ISSUE_CERTIFICATE;
    }

    private static boolean endsWithin(Instant end, Duration margin, Instant now) {
        return end.minus(margin).isBefore(now);
    }
}
