package org.noonmark.sources;

/**
 * A request that is under way.
 *
 * @param transmitStamp what stood in its transmit timestamp: chance, which only the server that got it knows (RFC 9109)
 * @param sentNanos local clock when it left, by the best stamp there is
 * @param byKernel whether the kernel took that stamp
 */
record Exchange(long transmitStamp, long sentNanos, boolean byKernel) {
    Exchange stampedByKernel(long nanos) {
        return new Exchange(transmitStamp, nanos, true);
    }
}
