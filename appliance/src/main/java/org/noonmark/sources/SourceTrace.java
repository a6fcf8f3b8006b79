package org.noonmark.sources;

import org.jspecify.annotations.Nullable;

/**
 * What log files have of a source and reports have not.
 *
 * @param samples that were used so far
 * @param dispersionNanos of the newest sample
 * @param offsetErrorNanos standard error of the line's offset
 * @param stress how far the newest sample turned the line, against what its rate was known to
 * @param dropped samples that it made the line let go
 * @param asymmetry that offsets are corrected for
 * @param pollScore between two poll intervals
 * @param heard the last datagram that was an answer in form; null: none yet, or a clock
 * @param answers that were so
 * @param reading of a clock, the last one; null: none yet, or a server
 * @param sampleLocalNanos what this machine's clock showed at the newest sample of a clock; 0: none yet, or a server
 */
public record SourceTrace(
        long samples,
        double dispersionNanos,
        double offsetErrorNanos,
        double stress,
        int dropped,
        double asymmetry,
        double pollScore,
        @Nullable Reply heard,
        long answers,
        @Nullable Reading reading,
        long sampleLocalNanos) {
    /** Nothing yet. */
    public static final SourceTrace NONE = new SourceTrace(0, 0, 0, 0, 0, 0, 0, null, 0, null, 0);

    /**
     * A reading of a clock that was used.
     *
     * @param count so many were used until now
     * @param sequence so many since the last sample, from 0
     * @param pulse whether it was a pulse
     * @param localNanos this machine's clock then
     * @param rawNanos clock minus that as it was read; of a pulse from the nearest whole second
     * @param cookedNanos the same corrected and numbered
     * @param precisionNanos of a reading
     */
    public record Reading(
            long count,
            int sequence,
            boolean pulse,
            long localNanos,
            double rawNanos,
            double cookedNanos,
            double precisionNanos) {}
}
