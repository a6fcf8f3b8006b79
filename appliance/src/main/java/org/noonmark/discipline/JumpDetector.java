package org.noonmark.discipline;

/** Tells a real move of pulse against clock from stray edges: strays scatter, a move repeats itself. */
final class JumpDetector {
    private static final int EDGES = 6;
    private static final long ALIKE_NANOS = 50_000;

    private long lowNanos;
    private long highNanos;
    private int run;

    /** An edge that did not fit lies {@code offsetNanos} off. True when it is the sixth in a row at the same place. */
    boolean isJump(long offsetNanos) {
        long low = run == 0 ? offsetNanos : Math.min(lowNanos, offsetNanos);
        long high = run == 0 ? offsetNanos : Math.max(highNanos, offsetNanos);
        boolean alike = high - low <= ALIKE_NANOS;
        lowNanos = alike ? low : offsetNanos;
        highNanos = alike ? high : offsetNanos;
        run = alike ? run + 1 : 1;
        return run >= EDGES;
    }

    /** How far pulse and clock may have moved apart, as at least two edges in a row say; 0 while none do. */
    long suspectedNanos() {
        return run < 2 ? 0 : Math.max(Math.abs(lowNanos), Math.abs(highNanos));
    }

    void forget() {
        run = 0;
    }
}
