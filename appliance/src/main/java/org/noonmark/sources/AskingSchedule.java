package org.noonmark.sources;

import org.noonmark.sources.Association.Mode;

/** When one server is asked next: its mode, bursts, the interval between requests, and chance that spreads them. In raw time. */
final class AskingSchedule {
    static final long NEVER = Long.MAX_VALUE;

    private static final long FIRST_DELAY_NANOS = 200_000_000L;
    private static final long MOST_BURST_NANOS = 2_000_000_000L;
    /** chrony's. */
    private static final long WARM_UP_NANOS = 2_000_000_000L;

    private static final double BURST_SHARE = 0.25;
    private static final int IBURST_GOOD = 4;
    private static final int IBURST_TOTAL = 8;
    private static final int BURST_TOTAL = 4;
    private static final int MOST_LONGER = 8;

    /** Requests of different machines spread; a share of the interval. */
    private static final double CHANCE = 0.02;

    private static final int REFUSED_INTERVALS = 4;

    private final SourceOptions.Polling options;
    private final PollInterval poll;
    private Mode mode = Mode.OFFLINE;
    private long dueRawNanos = NEVER;
    private boolean asked;
    private long askedRawNanos;
    private int burstGood;
    private int burstTotal;
    private boolean warm; // a request has just gone ahead

    AskingSchedule(SourceOptions.Polling options) {
        this.options = options;
        poll = new PollInterval(options);
    }

    Mode mode() {
        return mode;
    }

    long dueRawNanos() {
        return dueRawNanos;
    }

    /** Adapts the interval. */
    PollInterval poll() {
        return poll;
    }

    /** Not before that. */
    void waitUntil(long rawNanos) {
        dueRawNanos = Math.max(dueRawNanos, rawNanos);
    }

    /** At once, if at all. */
    void askNow(long rawNanos) {
        if (mode != Mode.OFFLINE) {
            dueRawNanos = rawNanos;
        }
    }

    void goOnline(long rawNanos) {
        if (mode == Mode.ONLINE || mode == Mode.BURST_THEN_ONLINE) {
            return;
        }
        if (mode == Mode.BURST_THEN_OFFLINE) {
            mode = Mode.BURST_THEN_ONLINE;
            return;
        }
        mode = Mode.ONLINE;
        begin(rawNanos);
        if (options.iburst()) {
            burst(IBURST_GOOD, IBURST_TOTAL, rawNanos);
        }
    }

    /** A burst comes to its end first. */
    void goOffline() {
        switch (mode) {
            case ONLINE -> stop();
            case BURST_THEN_ONLINE -> mode = Mode.BURST_THEN_OFFLINE;
            case OFFLINE, BURST_THEN_OFFLINE -> {}
        }
    }

    /** At once. */
    private void stop() {
        mode = Mode.OFFLINE;
        dueRawNanos = NEVER;
    }

    void burst(int goodSamples, int requestsAtMost, long rawNanos) {
        if (!mode.isBurst()) {
            mode = mode == Mode.ONLINE ? Mode.BURST_THEN_ONLINE : Mode.BURST_THEN_OFFLINE;
            burstGood = goodSamples;
            burstTotal = requestsAtMost;
            begin(rawNanos);
        }
    }

    private void begin(long rawNanos) {
        long delay = asked ? delayNanos(rawNanos) : 0;
        dueRawNanos = rawNanos + Math.max(FIRST_DELAY_NANOS, delay);
    }

    /** The time has come: a burst may begin or end; whether there is a request at all. */
    boolean isAsking(long rawNanos) {
        switch (mode) {
            case BURST_THEN_ONLINE -> mode = burstTotal <= 1 ? Mode.ONLINE : mode;
            case BURST_THEN_OFFLINE -> {
                if (burstTotal <= 0) {
                    stop();
                }
            }
            case ONLINE -> {
                int longer = poll.log2Seconds() - options.minLog2Seconds();
                if (options.burst() && longer > 0) {
                    burst(1, Math.min(1 << Math.min(longer, MOST_LONGER), BURST_TOTAL), rawNanos);
                }
            }
            case OFFLINE -> {}
        }
        return mode != Mode.OFFLINE;
    }

    /** Whether a request is to go ahead of the one that is due, as the interval is {@code log2Seconds} or longer. */
    boolean warmsUp(int log2Seconds) {
        return !warm && !mode.isBurst() && poll.log2Seconds() >= log2Seconds;
    }

    /** It has. */
    void onWarmUp(long rawNanos) {
        warm = true;
        dueRawNanos = rawNanos + WARM_UP_NANOS;
    }

    /** A request has left. */
    void onSent(long rawNanos) {
        asked = true;
        askedRawNanos = rawNanos;
    }

    /**
     * What was due is done.
     *
     * @param left whether a request has left
     * @param reachable whether one of the last requests was answered
     */
    void onAsked(long rawNanos, boolean left, boolean reachable, Outside outside) {
        warm = false;
        burstTotal -=
                mode == Mode.BURST_THEN_OFFLINE || (mode == Mode.BURST_THEN_ONLINE && (left || reachable)) ? 1 : 0;
        dueRawNanos = rawNanos + spread(intervalNanos(), outside);
    }

    /** A request could not leave: whether that ends the asking (auto_offline). */
    boolean stopsUnsent() {
        if (options.autoOffline()) {
            stop();
        }
        return options.autoOffline();
    }

    /** An answer came, {@code refused} when it was a kiss-o'-death. */
    void onAnswered(long rawNanos, boolean refused, Outside outside) {
        if (mode == Mode.OFFLINE) {
            return;
        }
        long delay = spread(delayNanos(rawNanos), outside);
        if (refused) {
            // RFC 5905, section 7.4: ask less; a burst is over.
            delay += REFUSED_INTERVALS * poll.nanos();
            burstGood = 0;
            burstTotal = 0;
        }
        dueRawNanos = rawNanos + delay;
    }

    /** A sample was used: of a burst, so many are wanted. */
    void onSample() {
        if (!mode.isBurst()) {
            return;
        }
        burstGood--;
        if (burstGood <= 0) {
            if (mode == Mode.BURST_THEN_OFFLINE) {
                dueRawNanos = NEVER;
            }
            mode = mode == Mode.BURST_THEN_ONLINE ? Mode.ONLINE : Mode.OFFLINE;
        }
    }

    private long intervalNanos() {
        return mode.isBurst() ? Math.min(MOST_BURST_NANOS, Math.round(poll.nanos() * BURST_SHARE)) : poll.nanos();
    }

    /** What is left of the interval since the last request. */
    private long delayNanos(long rawNanos) {
        long since = asked ? rawNanos - askedRawNanos : 0;
        return Math.max(0, intervalNanos() - since);
    }

    private static long spread(long nanos, Outside outside) {
        double share = (outside.random() >>> 11) * 0x1p-53;
        return nanos + Math.round(nanos * CHANCE * share);
    }
}
