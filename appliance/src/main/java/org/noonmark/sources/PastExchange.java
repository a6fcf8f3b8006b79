package org.noonmark.sources;

/**
 * A request and its answer: what interleaved mode needs, to measure it once more when the server tells when that answer really left.
 *
 * @param exchange the request
 * @param sent a moment right before it left
 * @param receiveTimestamp the server's, in the answer
 * @param arrivalNanos local clock when the answer came
 * @param byKernel whether the kernel took that stamp
 * @param now a moment at or right after that
 */
record PastExchange(
        Exchange exchange, Moment sent, long receiveTimestamp, long arrivalNanos, boolean byKernel, Moment now) {}
