package org.noonmark.discipline;

/**
 * A rough world of the pulse guest ({@code receiver-sim.c} as {@code rough_world} of hardware-tests calls it), number for number: seed 32 here
 * is world 32 there. A crystal 12 ppm fast whose frequency walks, late stamps in 240 to 420, missing pulses in 420 to 600, none in 720 to 1320.
 */
final class GuestWorld {
    static final int FIRST_PULSE = 30;
    static final int RESTART = 600;
    static final int OUTAGE = 720;
    static final int END = 1320;

    private static final double JITTER_NANOS = 30;

    /** How much the crystal is fast in each second, ppb. */
    final double[] crystalPpb = new double[END];

    /** How late the pulse of each second is. */
    final double[] lateNanos = new double[END];

    final boolean[] pulse = new boolean[END];
    private long random;

    GuestWorld(long seed, double walkPpb) {
        random = seed * 2 + 1;
        for (int i = 0; i < 20; i++) {
            next();
        }
        double ppb = 12_000;
        for (int n = 0; n < END; n++) {
            crystalPpb[n] = ppb;
            lateNanos[n] = JITTER_NANOS * gauss();
            if (isIn(n, 240, 420) && uniform() < 0.05) {
                lateNanos[n] -= 3_000 * Math.log(uniform());
            }
            boolean missing = isIn(n, 420, RESTART) && uniform() < 0.1;
            pulse[n] = isIn(n, FIRST_PULSE, OUTAGE) && !missing;
            uniform(); // the sentences' delay
            if (isIn(n, 420, RESTART) && uniform() < 0.1) {
                uniform(); // a false pulse, which is not played here
            }
            ppb += walkPpb * gauss();
        }
    }

    private static boolean isIn(int n, int from, int to) {
        return n >= from && n < to;
    }

    private long next() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random * 0x2545F4914F6CDD1DL;
    }

    private double uniform() {
        return ((next() >>> 11) + 0.5) / 0x1p53;
    }

    private double gauss() {
        double radius = Math.sqrt(-2 * Math.log(uniform()));
        return radius * Math.cos(2 * Math.PI * uniform());
    }
}
