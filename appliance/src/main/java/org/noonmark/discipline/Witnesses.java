package org.noonmark.discipline;

import java.util.List;
import java.util.Locale;

/** Hears the other clocks: may the receiver be wrong about the second? */
record Witnesses(List<Witness> heard) {
    /** A witness's word counts for this long. */
    private static final long TESTIMONY_NANOS = 3_600_000_000_000L;

    /** A witness contradicts the numbering of the seconds from this much on, over its own bound. */
    private static final long CONTRADICTION_NANOS = 400_000_000L;

    /** Why time is not served although the edges agree; empty when nothing speaks against it. */
    String objection(long nowNanos) {
        for (Witness witness : heard) {
            Witness.Testimony testimony = witness.testimony();
            if (testimony != null && contradicts(testimony, nowNanos)) {
                return String.format(
                        Locale.ROOT,
                        "%s says that the clock is %.3f s off; the receiver may be wrong about the second",
                        testimony.name(),
                        testimony.offsetNanos() * 1e-9);
            }
        }
        return "";
    }

    private static boolean contradicts(Witness.Testimony testimony, long nowNanos) {
        boolean current = Math.abs(nowNanos - testimony.measuredNanos()) < TESTIMONY_NANOS;
        return current
                && Math.abs((double) testimony.offsetNanos()) - testimony.errorBoundNanos() > CONTRADICTION_NANOS;
    }
}
