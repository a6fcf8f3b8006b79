package org.noonmark.discipline;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Hears the other clocks: may the receiver be wrong about the second? */
record Witnesses(List<Witness> heard) {
    /** A witness's word counts for this long. */
    private static final long TESTIMONY_NANOS = 3_600_000_000_000L;

    /** A witness contradicts the numbering of the seconds from this much on, over its own bound. */
    private static final long CONTRADICTION_NANOS = 400_000_000L;

    /** A witness that can be off by no more than this, all in all, says the same second. */
    private static final long SUPPORT_NANOS = 500_000_000L;

    /**
     * Why time is not served although the edges agree; empty when no more clocks contradict than agree. Against a numbering that is
     * {@code proven} to be UTC only weighty ones are heard.
     */
    String objection(long nowNanos, boolean proven) {
        int balance = 0;
        Witness.@Nullable Testimony against = null;
        for (Witness witness : heard) {
            Witness.Testimony testimony = witness.testimony();
            if (testimony != null && isCurrent(testimony, nowNanos)) {
                if (contradicts(testimony)) {
                    if (testimony.weighty() || !proven) {
                        balance--;
                        against = testimony;
                    }
                } else if (supports(testimony)) {
                    balance++;
                }
            }
        }
        return against == null || balance >= 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%s says that the clock is %.3f s off; the receiver may be wrong about the second%s",
                        against.name(),
                        against.offsetNanos() * 1e-9,
                        cure(against.offsetNanos()));
    }

    /** A clock that is a second behind has pulses that got the name of the one before. */
    private static String cure(long offsetNanos) {
        return switch (Math.clamp(Math.round(offsetNanos * 1e-9), -2, 2)) {
            case 1 -> ": if its sentences begin more than a second after their pulse, say so with 'label previous'";
            case -1 -> ": if its sentences speak of the next pulse, say so with 'label next'";
            default -> ": check its date, its firmware and its view of the sky";
        };
    }

    /** The name of a clock that says the same second as ours; empty when there is none. */
    String supporter(long nowNanos) {
        for (Witness witness : heard) {
            Witness.Testimony testimony = witness.testimony();
            if (testimony != null && isCurrent(testimony, nowNanos) && supports(testimony)) {
                return testimony.name();
            }
        }
        return "";
    }

    /** The leap second that most of the clocks announce for the end of this day: +1, -1, or 0 for none. */
    int leapDirection(long nowNanos) {
        int inserted = 0;
        int deleted = 0;
        int all = 0;
        for (Witness witness : heard) {
            Witness.Testimony testimony = witness.testimony();
            if (testimony != null && isCurrent(testimony, nowNanos)) {
                all++;
                inserted += testimony.leapDirection() > 0 ? 1 : 0;
                deleted += testimony.leapDirection() < 0 ? 1 : 0;
            }
        }
        return 2 * inserted > all ? 1 : 2 * deleted > all ? -1 : 0;
    }

    private static boolean isCurrent(Witness.Testimony testimony, long nowNanos) {
        return Math.abs(nowNanos - testimony.measuredNanos()) < TESTIMONY_NANOS;
    }

    private static boolean contradicts(Witness.Testimony testimony) {
        return Math.abs((double) testimony.offsetNanos()) - testimony.errorBoundNanos() > CONTRADICTION_NANOS;
    }

    private static boolean supports(Witness.Testimony testimony) {
        return Math.abs((double) testimony.offsetNanos()) + testimony.errorBoundNanos() < SUPPORT_NANOS;
    }
}
