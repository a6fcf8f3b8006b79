package org.noonmark.sources;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The times that a person has typed in this run, and the straight line through them: chrony's manual clock. Kept in raw time, so that what
 * has been done to the clock since is no part of them. Used by one thread.
 */
public final class TypedTimes {
    /** Typed to the second, and sent by a hand: no better. */
    public static final long ERROR_NANOS = 1_000_000_000L;

    /** No crystal is worse. */
    private static final double UNKNOWN_RATE = 500e-6;
    /** What a crystal may run otherwise on another day. */
    private static final double WANDER = 5e-6;

    /** Chrony's. */
    private static final int MOST = 16;

    private static final long APART_NANOS = 1_000_000_000L;

    private record Typed(Moment at, long offsetNanos) {
        long rawNanos() {
            return at.rawNanos();
        }

        long referenceMinusRawNanos() {
            return at.localNanos() - offsetNanos - at.rawNanos();
        }
    }

    /**
     * One of them, for a report; offsets are positive where the clock was fast.
     *
     * @param localNanos when, by the clock as it runs now
     * @param slewedNanos offset, with all that was done to the clock since
     * @param originalNanos offset as it was found
     * @param residualNanos of the line
     */
    public record Row(long localNanos, double slewedNanos, double originalNanos, double residualNanos) {}

    /**
     * What is to be done.
     *
     * @param fastNanos so far the clock is ahead
     * @param slope reference against raw time, as a share; empty where the times lie too near for what hands can do
     * @param skew how far a rate may be off, as a share
     */
    public record Estimate(long fastNanos, OptionalDouble slope, double skew) {}

    private final List<Typed> typed = new ArrayList<>();

    /** Whether the last one was typed less than a second ago: another says nothing new. */
    public boolean isTooSoon(Moment now) {
        return !typed.isEmpty() && now.rawNanos() - typed.getLast().rawNanos() < APART_NANOS;
    }

    /** It is {@code trueNanos} now, somebody says. He is believed as to the offset; the rate comes from all. */
    public Estimate add(long trueNanos, Moment now) {
        if (typed.size() == MOST) {
            typed.removeFirst();
        }
        long offset = now.localNanos() - trueNanos;
        typed.add(new Typed(now, offset));
        return estimate(offset);
    }

    /**
     * Takes one back.
     *
     * @param index as {@link #rows} numbers them
     * @throws IndexOutOfBoundsException when there is none of that number
     */
    public void delete(int index) {
        typed.remove(index);
    }

    /** Forgets all. */
    public void reset() {
        typed.clear();
    }

    /** So many are kept. */
    public int count() {
        return typed.size();
    }

    /** For a report; {@code ratePpb}: how fast the clock runs against raw time. */
    public List<Row> rows(Moment now, double ratePpb) {
        Line line = line(now, ratePpb);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < typed.size(); i++) {
            Typed each = typed.get(i);
            double slewed = slewed(each, now, ratePpb);
            double residual = typed.size() < 2 ? 0 : slewed - line.at(ago(each));
            long local = Math.round(slewed) + each.referenceMinusRawNanos() + each.rawNanos();
            rows.add(new Row(local, slewed, each.offsetNanos(), residual));
        }
        return List.copyOf(rows);
    }

    private Estimate estimate(long fastNanos) {
        double span = typed.size() < 2
                ? 0
                : typed.getLast().rawNanos() - typed.getFirst().rawNanos();
        double skew = span > 0 ? 2 * ERROR_NANOS / span : UNKNOWN_RATE;
        if (skew >= UNKNOWN_RATE) {
            return new Estimate(fastNanos, OptionalDouble.empty(), UNKNOWN_RATE);
        }
        // At raw time's own pace a line through offsets is one through the reference, upside down and by its age.
        Line line = line(typed.getLast().at(), 0);
        if (Math.abs(line.slope()) > UNKNOWN_RATE) {
            // No crystal runs so: one of them was typed wrong.
            return new Estimate(fastNanos, OptionalDouble.empty(), UNKNOWN_RATE);
        }
        // Of two nobody knows whether one is a slip; of three two agree.
        return new Estimate(
                fastNanos, OptionalDouble.of(line.slope()), typed.size() < 3 ? UNKNOWN_RATE : skew + WANDER);
    }

    /** How far ahead the clock would have been, had it always run as it does now. */
    private static double slewed(Typed each, Moment now, double ratePpb) {
        double since = now.rawNanos() - each.rawNanos();
        return now.localNanos() - now.rawNanos() - since * ratePpb * 1e-9 - each.referenceMinusRawNanos();
    }

    private double ago(Typed each) {
        return typed.getLast().rawNanos() - each.rawNanos();
    }

    /** Offset at the newest, and how much more it was by each nanosecond before. */
    private record Line(double interceptNanos, double slope) {
        double at(double agoNanos) {
            return interceptNanos + slope * agoNanos;
        }
    }

    /** The line with the least sum of distances goes through two of the points: a slip of the hand does not turn it. */
    private Line line(Moment now, double ratePpb) {
        Line best = new Line(typed.isEmpty() ? 0 : slewed(typed.getLast(), now, ratePpb), 0);
        double least = Double.MAX_VALUE;
        for (int i = 0; i < typed.size(); i++) {
            for (int j = i + 1; j < typed.size(); j++) {
                double from = slewed(typed.get(j), now, ratePpb);
                double slope = (slewed(typed.get(i), now, ratePpb) - from) / (ago(typed.get(i)) - ago(typed.get(j)));
                Line line = new Line(from - slope * ago(typed.get(j)), slope);
                double sum = typed.stream()
                        .mapToDouble(each -> Math.abs(slewed(each, now, ratePpb) - line.at(ago(each))))
                        .sum();
                if (sum < least) {
                    least = sum;
                    best = line;
                }
            }
        }
        return best;
    }
}
