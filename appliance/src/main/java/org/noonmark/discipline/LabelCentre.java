package org.noonmark.discipline;

/**
 * Where labels lie on the clock, whichever edge each of them came after: a receiver whose delay spreads over the edge itself names two
 * pulses in turn, and no three labels in a row agree, though the mean of many is well known. The mean says which pulse the labels name as
 * long as that lies between 0 and 1 s; a spread that reaches over the edge leaves the doubt whether it does, so what is numbered so needs
 * another clock to be served.
 */
final class LabelCentre {
    private static final long SECOND = 1_000_000_000L;

    /** Labels after which the oldest begin to be forgotten. */
    private static final int WINDOW = 64;

    /** As {@link ArrivalDelay}: few labels tell little about their spread. */
    private static final double DOUBT = 8;

    private static final int LABELS_TO_START = 8;

    /** The mean must lie so many of its own sigmas inside of the second. */
    private static final double MEAN_SIGMAS = 4;

    /** What the mean may be off however many labels there are: drift of a clock that nobody steers, and the labels' own habits. */
    private static final double MEAN_FLOOR_NANOS = 5e6;

    /** A label further from the others names another second than they do. */
    private static final long FOREIGN_NANOS = SECOND / 2;

    private static final int FOREIGN_TO_FORGET = 8;

    private int labels;
    private long baseNanos;
    private double mean;
    private double squares;
    private int foreign;

    /** A label that names {@code utcSeconds} began to arrive at {@code arrivalNanos}. */
    void add(long utcSeconds, long arrivalNanos) {
        long offset = utcSeconds * SECOND - arrivalNanos;
        if (labels > 0 && Math.abs(offset - baseNanos - mean) > FOREIGN_NANOS) {
            foreign++;
            if (foreign < FOREIGN_TO_FORGET) {
                return;
            }
            forget();
        }
        foreign = 0;
        if (labels == 0) {
            baseNanos = offset;
        }
        labels = Math.min(labels + 1, WINDOW);
        double deviation = offset - baseNanos - mean;
        mean += deviation / labels;
        squares = squares * (1 - 1.0 / WINDOW) + deviation * deviation * (1 - 1.0 / labels);
    }

    /** Labels that the mean rests on. */
    int labels() {
        return labels;
    }

    /** Mean delay after the edges of which {@code edgeNanos} is one, between 0 and 1 s. */
    double delayNanos(long edgeNanos) {
        return Math.floorMod(-(edgeNanos + baseNanos + Math.round(mean)), SECOND);
    }

    /** Reference minus local, if the mean delay lies between 0 and 1 s. */
    long offsetNanos(long edgeNanos) {
        return baseNanos + Math.round(mean + delayNanos(edgeNanos));
    }

    /** Whether the mean is known well enough to say which pulse it names. */
    boolean isCertain(long edgeNanos) {
        double delay = delayNanos(edgeNanos);
        return labels >= LABELS_TO_START
                && Math.min(delay, SECOND - delay) >= MEAN_SIGMAS * Math.hypot(meanSigmaNanos(), MEAN_FLOOR_NANOS);
    }

    /** Spread of the labels, one sigma. */
    double sigmaNanos() {
        return labels < 2 ? SECOND : Math.sqrt(squares / (labels - 1)) * (1 + DOUBT / labels);
    }

    private double meanSigmaNanos() {
        return sigmaNanos() / Math.sqrt(labels);
    }

    void forget() {
        labels = 0;
        mean = 0;
        squares = 0;
        foreign = 0;
    }
}
