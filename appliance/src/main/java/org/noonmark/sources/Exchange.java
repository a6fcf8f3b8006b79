package org.noonmark.sources;

/**
 * A request that is under way.
 *
 * @param transmitStamp what stood in its transmit timestamp: chance, which only the server that got it knows (RFC 9109)
 * @param receiveStamp what stood in its receive timestamp: chance too, by which an answer in interleaved mode is known (RFC 9769, section
 *     2); 0: it was a request in basic mode
 * @param sentNanos local clock when it left, by the best stamp there is
 * @param byKernel whether the kernel took that stamp
 */
record Exchange(long transmitStamp, long receiveStamp, long sentNanos, boolean byKernel) {
    Exchange stampedByKernel(long nanos) {
        return new Exchange(transmitStamp, receiveStamp, nanos, true);
    }
}
