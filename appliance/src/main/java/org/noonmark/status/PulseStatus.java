package org.noonmark.status;

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
        Delay delay) {
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
        return new PulseStatus(refid, device, trouble, 0, 0, 0, 0, Double.NaN, SampleStatistics.NONE, delay);
    }
}
