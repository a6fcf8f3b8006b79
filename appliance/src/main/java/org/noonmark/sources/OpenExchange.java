package org.noonmark.sources;

import org.jspecify.annotations.Nullable;
import org.noonmark.ntp.NtpPacket;

/**
 * The request that is under way to one server, and what is kept of the answer before: it shows a later one to be the same again, and
 * interleaved mode (RFC 9769, section 2) measures with it.
 */
final class OpenExchange {
    /** A server may keep a request for so long; later, an answer is of no use. */
    private static final long LONGEST_RESPONSE_NANOS = 4_000_000_000L;

    /** chrony's: after so many requests without an answer the next one is in basic mode. */
    private static final int MOST_UNANSWERED = 4;

    private final long maxDelayNanos;
    private final boolean interleaves;
    private @Nullable Exchange exchange;
    private @Nullable Moment sent;
    private @Nullable PastExchange past;
    private boolean answered;
    private int unanswered;
    private long endRawNanos = AskingSchedule.NEVER;
    private long previousReceive;
    private long previousTransmit;

    /**
     * @param maxDelayNanos longest round trip
     * @param interleaves whether requests are in interleaved mode where they can
     */
    OpenExchange(long maxDelayNanos, boolean interleaves) {
        this.maxDelayNanos = maxDelayNanos;
        this.interleaves = interleaves;
    }

    /** When no answer is waited for any more, raw time. */
    long endRawNanos() {
        return endRawNanos;
    }

    boolean isOpen() {
        return endRawNanos != AskingSchedule.NEVER;
    }

    /** What the next request brings back of the last answer: its receive timestamp; 0 in basic mode. */
    long originForNext() {
        PastExchange last = past;
        return !interleaves || last == null || unanswered >= MOST_UNANSWERED ? 0 : last.receiveTimestamp();
    }

    /** A request with {@code stamps} has left just now. */
    void begin(RequestStamps stamps, Moment now) {
        exchange = new Exchange(stamps.transmit(), stamps.receive(), now.localNanos(), false);
        sent = now;
        answered = false;
        unanswered++;
        endRawNanos = now.rawNanos() + maxDelayNanos + LONGEST_RESPONSE_NANOS;
    }

    /** One has left whose answer is not looked at. */
    void beginUnused(Moment now) {
        exchange = null;
        endRawNanos = now.rawNanos() + maxDelayNanos + LONGEST_RESPONSE_NANOS;
    }

    /** No answer is waited for any more. */
    void end() {
        endRawNanos = AskingSchedule.NEVER;
        exchange = null;
    }

    /** Its stamps say nothing any more, but the port stays open. */
    void forget() {
        exchange = null;
        past = null;
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

    /** The exchange before, where that can be measured once more; null: it cannot. */
    @Nullable PastExchange past() {
        return past;
    }

    /** Receive timestamp of the last valid answer; 0: none yet. */
    long previousReceive() {
        return previousReceive;
    }

    /** Its transmit timestamp. */
    long previousTransmit() {
        return previousTransmit;
    }

    /**
     * The one valid answer; {@code asked} is the request.
     *
     * @param measurable whether the exchange may be measured once more: then the next request is in interleaved mode, else in basic mode
     */
    void onAnswer(
            NtpPacket packet,
            Exchange asked,
            Moment departure,
            long arrivalNanos,
            boolean byKernel,
            Moment now,
            boolean measurable) {
        answered = true;
        unanswered = 0;
        previousReceive = packet.receiveTimestamp();
        previousTransmit = packet.transmitTimestamp();
        past = interleaves && measurable
                ? new PastExchange(asked, departure, packet.receiveTimestamp(), arrivalNanos, byKernel, now)
                : null;
    }
}
