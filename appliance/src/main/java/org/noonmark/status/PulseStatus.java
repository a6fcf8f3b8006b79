package org.noonmark.status;

import java.util.List;

/**
 * One pulse source as it is heard. Stamps are the local clock, nanoseconds since 1970; 0 means never.
 *
 * @param refid its name in reports, up to four characters, such as {@code PPS}
 * @param device such as {@code /dev/pps0}
 * @param trouble one plain sentence, what is wrong with the device and the cure; empty while nothing is
 * @param edges edges stamped
 * @param lost edges that the device counted and nobody saw
 * @param rejected edges refused: too early, too late, outliers
 * @param lastEdgeNanos the last edge
 * @param jitterNanos one sigma of the interval between neighbouring edges
 * @param samples what the edges say about the clock
 * @param checks what was found of the edges themselves
 * @param delay how late edges are stamped, as far as is known
 */
public record PulseStatus(
        String refid,
        String device,
        String trouble,
        long edges,
        long lost,
        long rejected,
        long lastEdgeNanos,
        double jitterNanos,
        SampleStatistics samples,
        Checks checks,
        Delay delay) {
    /** Between device and reason, in a {@link #trouble} of the edges rather than of their device. */
    public static final String NOT_FOLLOWED = " is not followed: ";

    /**
     * What was found of the edges themselves.
     *
     * @param rateHertz pulses per second; 0 while it is not known
     * @param missing seconds without a pulse between two good ones
     * @param widthNanos how long a pulse lasts after the edge in use; 0: the device stamps no other edge
     * @param refusals why edges were refused, and how many; those that happened
     */
    public record Checks(int rateHertz, long missing, long widthNanos, List<Refusal> refusals) {
        /** Before the first edge. */
        public static final Checks NONE = new Checks(0, 0, 0, List.of());

        public Checks {
            refusals = List.copyOf(refusals);
        }
    }

    /** Edges refused for one reason, which is a plain sentence. */
    public record Refusal(String reason, long count) {}

    /**
     * What stamps are late by, the same for every edge.
     *
     * @param meanNanos taken off each stamp
     * @param uncertaintyNanos how far the real delay may lie from that; always part of the root dispersion
     * @param source whose figures these are
     */
    public record Delay(long meanNanos, long uncertaintyNanos, String source) {}

    /** A pulse source that has not spoken. */
    public static PulseStatus silent(String refid, String device, String trouble, Delay delay) {
        return new PulseStatus(
                refid, device, trouble, 0, 0, 0, 0, Double.NaN, SampleStatistics.NONE, Checks.NONE, delay);
    }
}
