package org.noonmark.sources;

import org.jspecify.annotations.Nullable;

/**
 * One source for reports. Offsets are reference minus local clock, at the moment of the snapshot unless said otherwise.
 *
 * @param name as configured
 * @param isClock whether it is a clock at this machine: then nothing is said of packets
 * @param address where it is asked; empty while the name has none
 * @param addressId what stands for the address in reference ids
 * @param port where it is asked
 * @param mode whether it is asked
 * @param options how
 * @param choice its part in selection, as the other servers make it (authselectmode)
 * @param key its symmetric key; null: none
 * @param nts its keys for NTS; null: without NTS
 * @param verdict of the selection
 * @param score against the best; 1 and more
 * @param interval where its time lies; null when it had no vote
 * @param stratum 0 before the first useful answer
 * @param leapIndicator 3 before the first useful answer
 * @param pollLog2Seconds interval of requests
 * @param reach the last eight requests, newest in the lowest bit
 * @param lastSampleSeconds age of the newest sample; -1 before the first
 * @param adjustedNanos the newest sample's offset, less what was corrected since
 * @param measuredNanos the same as measured
 * @param errorNanos its bound
 * @param figures of the line through its samples
 * @param reply the last valid answer; null: none yet
 * @param localAddress the address of this machine that it came to; empty: none yet
 * @param localAddressId what stands for that in reference ids
 * @param counts packets
 * @param trace for log files
 * @param note what else a person should know, one sentence; empty: nothing
 */
public record SourceStatus(
        String name,
        boolean isClock,
        String address,
        int addressId,
        int port,
        Association.Mode mode,
        SourceOptions options,
        SourceOptions.Choice choice,
        @Nullable Key key,
        @Nullable Nts nts,
        Verdict verdict,
        double score,
        @Nullable Span interval,
        int stratum,
        int leapIndicator,
        int pollLog2Seconds,
        int reach,
        long lastSampleSeconds,
        double adjustedNanos,
        double measuredNanos,
        double errorNanos,
        Figures figures,
        @Nullable Reply reply,
        String localAddress,
        int localAddressId,
        Counts counts,
        SourceTrace trace,
        String note) {

    /**
     * A symmetric key, without its secret.
     *
     * @param id unsigned
     * @param type chrony's number of the algorithm
     * @param bits of the secret
     */
    public record Key(int id, int type, int bits) {}

    /**
     * Keys for NTS, without secrets, as {@code authdata} shows them.
     *
     * @param number of times that keys were had
     * @param aead number of the algorithm; 0: no keys yet
     * @param bits of a key
     * @param lastSeconds since they were established; -1: never
     * @param attempts to establish keys since an authentic answer
     * @param refused whether the last answer was a NAK
     * @param cookies that are left
     * @param cookieOctets of the next one
     */
    public record Nts(
            int number,
            int aead,
            int bits,
            long lastSeconds,
            int attempts,
            boolean refused,
            int cookies,
            int cookieOctets) {
        static final Nts NONE = new Nts(0, 0, 0, -1, 0, false, 0, 0);
    }

    /** Whether its answers show who it is. */
    public boolean isAuthenticated() {
        return key != null || nts != null;
    }

    /** Lowest and highest offset that a server's time allows, nanoseconds. */
    public record Span(double lowNanos, double highNanos) {}

    /**
     * The line through the samples, as {@code sourcestats} shows it.
     *
     * @param samples on it
     * @param runs of residuals with the same sign
     * @param spanSeconds from the oldest to the newest
     * @param frequencyPpb positive: the server gains on the local clock
     * @param skewPpb bound of that
     * @param offsetNanos the line now
     * @param deviationNanos standard deviation of the samples
     */
    public record Figures(
            int samples,
            int runs,
            double spanSeconds,
            double frequencyPpb,
            double skewPpb,
            double offsetNanos,
            double deviationNanos) {}

    /**
     * Packets.
     *
     * @param requests sent
     * @param received all that came to the ports of requests
     * @param valid answers to our requests
     * @param good answers that were used
     * @param kernelSent requests whose leaving the kernel stamped
     * @param kernelReceived packets whose arrival the kernel stamped
     */
    public record Counts(long requests, long received, long valid, long good, long kernelSent, long kernelReceived) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);
    }

    /** Whether its name has an address. */
    public boolean isResolved() {
        return !address.isEmpty();
    }

    /** The address, or the name while there is none: what a column shows. */
    public String shown() {
        return address.isEmpty() ? name : address;
    }
}
