package org.noonmark.nmea;

/**
 * Cuts a receiver's byte stream into checked frames: NMEA 0183 sentences, UBX messages, RTCM 3 messages. Anything else is noise,
 * counted and skipped; after a broken frame the search goes on one byte behind its first, so that a good frame swallowed by a
 * broken one is still found. Only one thread may use it. Memory is fixed at construction and nothing is allocated per frame.
 *
 * <p>A sentence without a checksum is refused and counted apart: a serial line without flow control loses and flips characters,
 * and a wrong digit in a time is a wrong second for every client. gpsd refuses them too. The cure is to switch the checksum on
 * in the receiver.
 */
public final class SentenceFramer {
    /** Hears the frames. */
    public interface Sink {
        /** The frame is valid only during the call. */
        void onFrame(Frame frame);
    }

    /**
     * Longest sentence, from {@code $} to the checksum. The standard says 82; receivers with high precision or many fields send up to
     * about 250.
     */
    static final int MAX_SENTENCE = 512;

    /** Longest UBX payload taken. RXM-RAWX with 128 signals has 4112 bytes, MON-SPAN less; a larger length is noise. */
    static final int MAX_UBX_PAYLOAD = 8192;

    private static final int CAPACITY = 32768;
    private static final int UBX_OVERHEAD = 8;
    private static final int NEED_MORE = 0;
    private static final int NOT_A_FRAME = -1;

    private final Sink sink;
    private final Frame frame = new Frame();
    private final ArrivalTimes arrivals = new ArrivalTimes(CAPACITY);
    private final byte[] buffer = new byte[CAPACITY];
    private int start;
    private int end;
    /** Bytes behind {@code start} that an unfinished sentence has already shown to be its own. */
    private int scanned;

    private long acceptedNmea;
    private long acceptedUbx;
    private long acceptedRtcm;
    private long checksumFailures;
    private long withoutChecksum;
    private long oversized;
    private long noiseBytes;

    public SentenceFramer(Sink sink) {
        this.sink = sink;
    }

    /** How long one byte takes on the line, 10 bits / baud, so that each byte of a chunk gets its own arrival; 0 when unknown. */
    public void setNanosPerByte(long nanosPerByte) {
        arrivals.setNanosPerByte(nanosPerByte);
    }

    /**
     * Takes bytes as they came from the line; any cut between calls gives the same frames.
     *
     * @param arrivalNanos local clock, nanoseconds since 1970, when the last of these bytes arrived
     */
    public void accept(byte[] bytes, int offset, int length, long arrivalNanos) {
        int taken = 0;
        while (taken < length) {
            makeRoom();
            int piece = Math.min(length - taken, CAPACITY - end);
            System.arraycopy(bytes, offset + taken, buffer, end, piece);
            end += piece;
            taken += piece;
            arrivals.mark(end, arrivalNanos - (length - taken) * arrivals.nanosPerByte());
            scan(false);
        }
    }

    /** The line fell silent or ended: an unfinished frame is given up, and what it hid is still searched for frames. */
    public void endOfInput() {
        scan(true);
    }

    /** What was counted since construction. */
    public Counts counts() {
        return new Counts(
                acceptedNmea, acceptedUbx, acceptedRtcm, checksumFailures, withoutChecksum, oversized, noiseBytes);
    }

    /**
     * Counters since construction.
     *
     * @param nmea sentences with a right checksum
     * @param ubx UBX messages with a right checksum
     * @param rtcm RTCM 3 messages with a right CRC
     * @param checksumFailures frames of any protocol whose checksum was wrong
     * @param withoutChecksum sentences refused because they carry none
     * @param oversized sentences or UBX messages beyond the limits above
     * @param noiseBytes bytes outside any accepted frame, line ends aside
     */
    public record Counts(
            long nmea,
            long ubx,
            long rtcm,
            long checksumFailures,
            long withoutChecksum,
            long oversized,
            long noiseBytes) {}

    private void makeRoom() {
        // An unfinished frame is at most a quarter of the buffer, so moving it down always frees the rest.
        if (end == CAPACITY) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            arrivals.shift(start);
            end -= start;
            start = 0;
        }
    }

    private void scan(boolean last) {
        while (start < end) {
            int length = switch (buffer[start]) {
                case '$', '!' -> sentence(last);
                case (byte) 0xB5 -> ubx(last);
                case (byte) 0xD3 -> rtcm(last);
                case '\r', '\n' -> 1;
                default -> NOT_A_FRAME;
            };
            if (length == NEED_MORE) {
                return;
            }
            scanned = 0;
            if (length == NOT_A_FRAME) {
                noiseBytes++;
                start++;
            } else {
                start += length;
            }
        }
        start = 0;
        end = 0;
        arrivals.clear();
    }

    private int sentence(boolean last) {
        int limit = Math.min(end, start + MAX_SENTENCE);
        int i = start + Math.max(1, scanned);
        while (i < limit && buffer[i] >= 0x20 && buffer[i] < 0x7f && buffer[i] != '$') {
            i++;
        }
        if (i == end && i < start + MAX_SENTENCE) {
            scanned = i - start;
            return last ? NOT_A_FRAME : NEED_MORE;
        }
        if (i == limit) {
            oversized++;
            return NOT_A_FRAME;
        }
        if (buffer[i] != '\r' && buffer[i] != '\n') {
            return NOT_A_FRAME;
        }
        return checkedSentence(i);
    }

    private int checkedSentence(int lineEnd) {
        int trimmed = lineEnd;
        while (buffer[trimmed - 1] == ' ') {
            trimmed--;
        }
        int star = trimmed - 3;
        if (star <= start || buffer[star] != '*') {
            withoutChecksum++;
            return NOT_A_FRAME;
        }
        int sum = 0;
        for (int i = start + 1; i < star; i++) {
            sum ^= buffer[i];
        }
        if (sum != (Ascii.hexDigit(buffer[star + 1]) << 4 | Ascii.hexDigit(buffer[star + 2]))) {
            checksumFailures++;
            return NOT_A_FRAME;
        }
        acceptedNmea++;
        deliver(Frame.Protocol.NMEA, trimmed - start);
        return lineEnd - start;
    }

    private int ubx(boolean last) {
        int available = end - start;
        if (available >= 2 && buffer[start + 1] != 0x62) {
            return NOT_A_FRAME;
        }
        if (available < 6) {
            return last ? NOT_A_FRAME : NEED_MORE;
        }
        int payload = (buffer[start + 4] & 0xff) | (buffer[start + 5] & 0xff) << 8;
        if (payload > MAX_UBX_PAYLOAD) {
            oversized++;
            return NOT_A_FRAME;
        }
        int length = payload + UBX_OVERHEAD;
        if (available < length) {
            return last ? NOT_A_FRAME : NEED_MORE;
        }
        int a = 0;
        int b = 0;
        int sumEnd = start + length - 2;
        for (int i = start + 2; i < sumEnd; i++) {
            a += buffer[i];
            b += a;
        }
        if ((byte) a != buffer[sumEnd] || (byte) b != buffer[sumEnd + 1]) {
            checksumFailures++;
            return NOT_A_FRAME;
        }
        acceptedUbx++;
        deliver(Frame.Protocol.UBX, length);
        return length;
    }

    private int rtcm(boolean last) {
        int available = end - start;
        if (available >= 2 && (buffer[start + 1] & 0xfc) != 0) {
            return NOT_A_FRAME;
        }
        if (available < 3) {
            return last ? NOT_A_FRAME : NEED_MORE;
        }
        int length = ((buffer[start + 1] & 3) << 8 | (buffer[start + 2] & 0xff)) + 6;
        if (available < length) {
            return last ? NOT_A_FRAME : NEED_MORE;
        }
        if (!Crc24q.matches(buffer, start, length)) {
            checksumFailures++;
            return NOT_A_FRAME;
        }
        acceptedRtcm++;
        deliver(Frame.Protocol.RTCM3, length);
        return length;
    }

    private void deliver(Frame.Protocol protocol, int length) {
        long first = arrivals.at(start);
        frame.set(protocol, buffer, start, length, first, arrivals.at(start + length - 1));
        sink.onFrame(frame);
    }
}
