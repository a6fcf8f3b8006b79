package org.noonmark.sources;

import org.jspecify.annotations.Nullable;

/**
 * A server's answer as it was understood, with chrony's groups of tests (ntpdata in chronyc(1)).
 *
 * @param leapIndicator RFC 5905, figure 9
 * @param version of the answer
 * @param mode of the answer
 * @param stratum as in the packet, 0 to 255
 * @param pollLog2Seconds as in the packet
 * @param precisionLog2Seconds as in the packet
 * @param rootDelayNanos the server's own
 * @param rootDispersionNanos the server's own
 * @param referenceId the server's reference
 * @param referenceNanos when the server was last set, nanoseconds since 1970; 0: never
 * @param responseNanos how long the server kept the request
 * @param tests ten bits, a passed test is 1: 1, 2, 3, 5, 6, 7, A, B, C, D from the highest on
 * @param refusal RATE or another code of a kiss-o'-death (RFC 5905, section 7.4) whose origin matches; empty when it is none
 * @param interleaved whether it tells when the answer before it left (RFC 9769), and the sample is of the exchange before
 * @param byKernel whether the kernel stamped the arrival
 * @param sentByKernel whether the kernel stamped the request's leaving
 * @param sample what was measured; null when the tests up to 7 did not all pass
 */
public record Reply(
        int leapIndicator,
        int version,
        int mode,
        int stratum,
        int pollLog2Seconds,
        int precisionLog2Seconds,
        long rootDelayNanos,
        long rootDispersionNanos,
        int referenceId,
        long referenceNanos,
        long responseNanos,
        int tests,
        String refusal,
        boolean interleaved,
        boolean byKernel,
        boolean sentByKernel,
        @Nullable NtpSample sample) {
    /** Before the first answer: as chrony's report shows it. */
    public static final Reply NONE = new Reply(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "", false, false, false, null);

    static final int TEST_1 = 1 << 9;
    static final int TEST_2 = 1 << 8;
    static final int TEST_3 = 1 << 7;
    static final int TEST_5 = 1 << 6;
    static final int TEST_6 = 1 << 5;
    static final int TEST_7 = 1 << 4;
    static final int TEST_A = 1 << 3;
    static final int TEST_B = 1 << 2;
    static final int TEST_C = 1 << 1;
    static final int TEST_D = 1;

    private static final int VALID = TEST_1 | TEST_2 | TEST_3 | TEST_5;
    private static final int SYNCHRONISED = VALID | TEST_6 | TEST_7;
    private static final int MEASURABLE = SYNCHRONISED | TEST_A | TEST_D;
    private static final int GOOD = SYNCHRONISED | TEST_A | TEST_B | TEST_C | TEST_D;

    private static final String[] FAILURES = {
        "an answer came twice",
        "its answer matches no request",
        "its answer lacks a timestamp",
        "its answer is not authenticated as configured",
        "it says that it is not synchronised",
        "its root distance is 16 s or more",
        "the round trip took too long, or the server kept the request too long",
        "the round trip took too long against the shortest ones (maxdelayratio, maxdelayquant)",
        "the round trip took too long against the scatter (maxdelaydevratio)",
        "it gets its time from this machine",
    };

    private boolean passed(int mask) {
        return (tests & mask) == mask;
    }

    /** Whether it is the server's answer to the last request. */
    boolean isValid() {
        return passed(VALID);
    }

    /** Whether the server says besides that it knows the time. */
    public boolean isSynchronised() {
        return passed(SYNCHRONISED);
    }

    /** Whether it was measured, and its server gets the time from elsewhere. */
    boolean isNoLoop() {
        return passed(TEST_D);
    }

    /** Whether its exchange is one to measure once more: of a server that knew the time then, from elsewhere, without a step in between. */
    boolean isMeasurable() {
        return passed(MEASURABLE);
    }

    /** Whether the sample counts. */
    public boolean isGood() {
        return passed(GOOD);
    }

    /** The first test that failed, as a phrase; empty when none did. */
    public String failure() {
        for (int i = 0; i < FAILURES.length; i++) {
            if ((tests & TEST_1 >> i) == 0) {
                return FAILURES[i];
            }
        }
        return "";
    }
}
