package org.noonmark.cli.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Measurements of several sides in alternating turns: the machine's speed changes from second to second, the ratio of a round little. */
final class Rounds {
    private Rounds() {}

    /** A side's turn. */
    interface Turns<S, T> {
        /** Measures that side once. */
        T take(S side) throws IOException, InterruptedException;
    }

    /** As many turns of each side, after a first round that warms all up. */
    static <S extends Enum<S>, T> Map<S, List<T>> measure(Class<S> sides, int rounds, Turns<S, T> turns)
            throws IOException, InterruptedException {
        Map<S, List<T>> taken = new EnumMap<>(sides);
        S[] all = sides.getEnumConstants();
        for (int round = 0; round <= rounds; round++) {
            for (int i = 0; i < all.length; i++) {
                // Who goes first changes, so that a machine that slows down favours nobody.
                S side = all[(i + round) % all.length];
                T turn = turns.take(side);
                if (round > 0) {
                    taken.computeIfAbsent(side, _ -> new ArrayList<>()).add(turn);
                }
            }
        }
        return taken;
    }

    /** Adds the medians of both, and the ratios of the rounds: median, least and greatest. */
    static <T> ResultLine putRatio(
            ResultLine line, String figure, List<T> ours, List<T> theirs, ToDoubleFunction<T> of) {
        double[] ratios = new double[ours.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = of.applyAsDouble(ours.get(i)) / of.applyAsDouble(theirs.get(i));
        }
        Arrays.sort(ratios);
        return line.put("ours_" + figure, median(ours, of))
                .put("chrony_" + figure, median(theirs, of))
                .put("ratio", ratios[ratios.length / 2])
                .put("ratio_min", ratios[0])
                .put("ratio_max", ratios[ratios.length - 1]);
    }

    static <T> double median(List<T> turns, ToDoubleFunction<T> figure) {
        double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
