package org.noonmark.sources;

/**
 * The interval between two requests, in whole powers of two of a second, adapted as chrony does: longer while the line keeps more
 * samples than are aimed at and the server is not heard, shorter when the line is bent.
 */
final class PollInterval {
    /** Of the network's own noise, where asking more than once a second may help. */
    private static final double NEAR_DELAY_NANOS = 10e6;

    private static final double WITHOUT_ANSWER = 0.25;
    private static final double SELECTED_WITHOUT_ANSWER = 0.1;
    private static final double BAD_ANSWER = 0.1;
    private static final double UNUSED_SAMPLE = 0.02;

    private final SourceOptions.Polling options;
    private int log2Seconds;
    private double score;

    PollInterval(SourceOptions.Polling options) {
        this.options = options;
        log2Seconds = Math.max(options.minLog2Seconds(), 0);
    }

    int log2Seconds() {
        return log2Seconds;
    }

    /** At 1 and more the interval is made longer. */
    double score() {
        return score;
    }

    long nanos() {
        return Math.round(Math.scalb(1e9, log2Seconds));
    }

    /** A request went unanswered. */
    void onSilence(boolean selected) {
        add(selected ? SELECTED_WITHOUT_ANSWER : WITHOUT_ANSWER, false);
    }

    /** An answer could not be used: {@code measured} says whether it told the time at least, so that the next one may be better. */
    void onUnusable(boolean measured) {
        add(measured ? UNUSED_SAMPLE : BAD_ANSWER, false);
    }

    /**
     * A sample was used.
     *
     * @param surpriseNanos how far it lay off the line
     * @param sample the sample
     * @param samples of the line now
     * @param leastDelayNanos of the line's samples
     */
    void onSample(double surpriseNanos, NtpSample sample, int samples, double leastDelayNanos) {
        double surprise = Math.abs(surpriseNanos);
        double distance = sample.distanceNanos();
        double step;
        if (surprise > distance) {
            step = -Math.log(surprise / distance) / Math.log(2);
        } else {
            step = ((double) samples / options.target() - 1) / options.target();
            step *= samples < options.target() ? 2 : 1;
        }
        add(step, leastDelayNanos <= NEAR_DELAY_NANOS);
    }

    private void add(double step, boolean near) {
        score += step;
        int whole = (int) Math.floor(score);
        log2Seconds += whole;
        score -= whole;
        if (log2Seconds < options.minLog2Seconds()) {
            log2Seconds = options.minLog2Seconds();
            score = 0;
        } else if (log2Seconds > options.maxLog2Seconds()) {
            log2Seconds = options.maxLog2Seconds();
            score = 1;
        }
        if (log2Seconds < 0 && !near) {
            log2Seconds = 0;
        }
    }
}
