package org.noonmark.server;

import java.util.Arrays;
import org.noonmark.ntp.NtsAuthenticator;

/**
 * How long after the reading of the clock answers leave: learned from some whose leaving was stamped, and added to the transmit stamps of
 * the others. A low quantile of the last samples, as one in some meets an interrupt, which is not to be foretold; less what the stamp
 * itself costs before it is made, about half of what the call takes longer for it. Learned apart for each kind of answer, as the time for a
 * MAC or for sealing lies between reading and leaving, and for each place among the answers that share a reading. Used by one packet
 * thread; allocates nothing.
 */
final class DepartureDelay {
    /** Kinds of answers: plain, with a MAC, and from {@link #SEALED} those with NTS. */
    static final int PLAIN = 0;

    static final int MAC = 1;
    static final int SEALED = 2;
    static final int KINDS = SEALED + NtsAuthenticator.KINDS;

    /** Answers that share a reading of the clock, at most. */
    static final int CHUNK = 4;

    /** The place of an answer that has a reading for itself; those of the others begin after it. */
    static final int ALONE = 0;

    static final int PLACES = 1 + CHUNK;

    private static final int SAMPLES = 32;

    /** Nothing that takes longer is a delay of the answer's own. */
    private static final long MOST_NANOS = 100_000;

    private static final double QUANTILE = 0.25;

    /** Shorter calls are followed at once and longer ones slowly: what is learned is the time of an undisturbed call. */
    private static final int FALL = 4;

    private static final int RISE = 64;

    private final long[][] samples = new long[KINDS * PLACES][SAMPLES];
    private final int[] count = new int[KINDS * PLACES];
    private final long[] sorted = new long[SAMPLES];
    private final long[] delays = new long[KINDS * PLACES];
    private double stampedCall;
    private double plainCall;

    /** Nanoseconds from the reading until an answer leaves; 0 until it is known. */
    long nanos(int kind, int place) {
        long stampCost = stampedCall > plainCall && plainCall > 0 ? (long) (stampedCall - plainCall) / 2 : 0;
        return Math.max(0, delays[kind * PLACES + place] - stampCost);
    }

    /** The call that sent one answer alone took so long. */
    void onCall(boolean isStamped, long nanos) {
        if (nanos <= 0 || nanos > MOST_NANOS) {
            return;
        }
        if (isStamped) {
            stampedCall = followed(stampedCall, nanos);
        } else {
            plainCall = followed(plainCall, nanos);
        }
    }

    private static double followed(double known, long nanos) {
        return known == 0 ? nanos : known + (nanos - known) / (nanos < known ? FALL : RISE);
    }

    /** One left so long after the reading; what cannot be is left out. */
    void onLeft(int kind, int place, long nanos) {
        if (nanos < 0 || nanos > MOST_NANOS) {
            return;
        }
        int which = kind * PLACES + place;
        int known = Math.min(++count[which], SAMPLES);
        samples[which][(count[which] - 1) % SAMPLES] = nanos;
        System.arraycopy(samples[which], 0, sorted, 0, known);
        Arrays.sort(sorted, 0, known);
        delays[which] = sorted[(int) (QUANTILE * (known - 1))];
        if (count[which] == 2 * SAMPLES) {
            count[which] = SAMPLES;
        }
    }
}
