package org.noonmark.ntp;

/**
 * How often one client is answered ({@code ratelimit}, as chrony.conf(5) defines it): a bucket of answers that fills again one by one.
 *
 * @param intervalLog2Seconds from one answer to the next in the long run, log2 seconds, -19 to 12
 * @param burst answers in a row, 1 to 255
 * @param leakLog2 of those above the limit one in 2^leak is answered all the same, 1 to 4: else whoever forges a client's address could
 *     silence the server for it
 * @param kodLog2 of the rest, one in 2^kod is told to ask less (kiss-o'-death RATE), 1 to 4; 0: none
 */
public record RateLimit(int intervalLog2Seconds, int burst, int leakLog2, int kodLog2) {
    /** Nanoseconds for one answer. */
    long intervalNanos() {
        return (long) Math.scalb(1e9, intervalLog2Seconds);
    }
}
