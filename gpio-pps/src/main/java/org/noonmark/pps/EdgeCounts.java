package org.noonmark.pps;

import java.util.Map;

/**
 * What has come through an {@link EdgeGuard} since it was made.
 *
 * @param verdicts edges by verdict; every verdict is there
 * @param lost edges that the device counted and that were never fetched (gaps of the sequence)
 * @param missing seconds without a pulse between two accepted ones, lost edges not among them
 */
public record EdgeCounts(Map<EdgeVerdict, Long> verdicts, long lost, long missing) {
    public EdgeCounts {
        verdicts = Map.copyOf(verdicts);
    }

    public long accepted() {
        return verdicts.getOrDefault(EdgeVerdict.ACCEPTED, 0L);
    }

    /** Edges of every other verdict. */
    public long refused() {
        return verdicts.values().stream().mapToLong(Long::longValue).sum() - accepted();
    }
}
