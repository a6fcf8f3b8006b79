package org.noonmark.sources;

import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.NtpPacket;

/** The request that is under way to one server, and what of the answer before shows a later one to be the same again. */
final class OpenExchange {
    /** A server may keep a request for so long; later, an answer is of no use. */
    private static final long LONGEST_RESPONSE_NANOS = 4_000_000_000L;

    private final long maxDelayNanos;
    private @Nullable Exchange exchange;
    private @Nullable Moment sent;
    private boolean answered;
    private long endRawNanos = AskingSchedule.NEVER;
    private long previousReceive;
    private long previousTransmit;

    /** @param maxDelayNanos longest round trip */
    OpenExchange(long maxDelayNanos) {
        this.maxDelayNanos = maxDelayNanos;
    }

    /** When no answer is waited for any more, raw time. */
    long endRawNanos() {
        return endRawNanos;
    }

    boolean isOpen() {
        return endRawNanos != AskingSchedule.NEVER;
    }

    /** A request with {@code stamp} has left just now. */
    void begin(long stamp, Moment now) {
        exchange = new Exchange(stamp, now.localNanos(), false);
        sent = now;
        endRawNanos = now.rawNanos() + maxDelayNanos + LONGEST_RESPONSE_NANOS;
    }

    /** The next request may be answered. */
    void renew() {
        answered = false;
    }

    /** No answer is waited for any more. */
    void end() {
        endRawNanos = AskingSchedule.NEVER;
        exchange = null;
    }

    /** Its stamps say nothing any more, but the port stays open. */
    void forget() {
        exchange = null;
    }

    /** Whether that stamp of the kernel was of this request, and the first. */
    boolean takesDeparture(long transmitStamp, long localNanos) {
        Exchange underWay = exchange;
        if (underWay == null || underWay.transmitStamp() != transmitStamp || underWay.byKernel()) {
            return false;
        }
        exchange = underWay.stampedByKernel(localNanos);
        return true;
    }

    /** The request that an answer is waited for; null: none. */
    @Nullable Exchange awaited() {
        return answered ? null : exchange;
    }

    /** A moment right before it left. */
    @Nullable Moment sent() {
        return sent;
    }

    /** Receive timestamp of the last valid answer; 0: none yet. */
    long previousReceive() {
        return previousReceive;
    }

    /** Its transmit timestamp. */
    long previousTransmit() {
        return previousTransmit;
    }

    /** The one valid answer. */
    void onAnswer(NtpPacket packet) {
        answered = true;
        previousReceive = packet.receiveTimestamp();
        previousTransmit = packet.transmitTimestamp();
    }
}
