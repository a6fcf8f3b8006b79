package org.noonmark.sources;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * chrony's median filter of reference clocks: of the readings since the last sample those in the middle make one, their mean. Offsets are
 * compared in raw time along the line that is known, so that neither steering nor the crystal chooses.
 */
final class ReadingFilter {
    private static final double KEPT = 0.6;
    private static final int FEWEST = 4;

    /** Reference minus raw time at a moment of raw time. */
    record Reading(long rawNanos, long referenceMinusRawNanos) {}

    /** @param deviationNanos of those in the middle */
    record Middle(long rawNanos, long referenceMinusRawNanos, double deviationNanos) {}

    private record Residual(Reading reading, double nanos) {}

    private final int most;
    private final Deque<Reading> readings = new ArrayDeque<>();

    /** @param most readings of one sample; the oldest go first. Below four all of them must be there */
    ReadingFilter(int most) {
        this.most = most;
    }

    void add(Reading reading) {
        if (readings.size() == most) {
            readings.removeFirst();
        }
        readings.addLast(reading);
    }

    /** The newest reading since the last sample; null: none. */
    @Nullable Reading newest() {
        return readings.peekLast();
    }

    /** Makes a sample of what came since the last one; null: too little, which is kept. {@code slope} is the reference's against raw time. */
    @Nullable Middle take(double slope) {
        if (readings.size() < Math.min(FEWEST, most)) {
            return null;
        }
        Reading zero = readings.getLast();
        List<Residual> sorted = new ArrayList<>();
        for (Reading each : readings) {
            double offset = each.referenceMinusRawNanos() - zero.referenceMinusRawNanos();
            sorted.add(new Residual(each, offset - slope * (each.rawNanos() - zero.rawNanos())));
        }
        sorted.sort(Comparator.comparingDouble(Residual::nanos));
        readings.clear();
        int keep = Math.max(1, (int) Math.round(KEPT * sorted.size()));
        int from = (sorted.size() - keep) / 2;
        return mean(zero, sorted.subList(from, from + keep), slope);
    }

    private static Middle mean(Reading zero, List<Residual> middle, double slope) {
        double residual = 0;
        double age = 0;
        for (Residual each : middle) {
            residual += each.nanos() / middle.size();
            age += (double) (each.reading().rawNanos() - zero.rawNanos()) / middle.size();
        }
        double squares = 0;
        for (Residual each : middle) {
            squares += (each.nanos() - residual) * (each.nanos() - residual);
        }
        double deviation = middle.size() < 2 ? 0 : Math.sqrt(squares / (middle.size() - 1));
        return new Middle(
                zero.rawNanos() + Math.round(age),
                zero.referenceMinusRawNanos() + Math.round(residual + slope * age),
                deviation);
    }

    void forget() {
        readings.clear();
    }
}
