package org.noonmark.pps.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.noonmark.pps.PpsEdge.Polarity;

/**
 * The structures and numbers of {@code linux/pps.h} as 64-bit Linux lays them out (x86-64 and aarch64 alike), native byte order.
 * The requests are made with the size of a pointer, 8, as the header does.
 */
final class PpsApi {
    static final long PPS_GETPARAMS = 0x8008_70a1L;
    static final long PPS_SETPARAMS = 0x4008_70a2L;
    static final long PPS_GETCAP = 0x8008_70a3L;
    static final long PPS_FETCH = 0xc008_70a4L;

    static final int PPS_CAPTUREASSERT = 0x01;
    static final int PPS_CAPTURECLEAR = 0x02;
    static final int PPS_OFFSETASSERT = 0x10;
    static final int PPS_OFFSETCLEAR = 0x20;
    static final int PPS_CANWAIT = 0x100;
    static final int PPS_TSFMT_TSPEC = 0x1000;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private PpsApi() {}

    private static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** The {@code int} of PPS_GETCAP. */
    static final class Capabilities {
        final ByteBuffer bytes = allocate(4);

        int flags() {
            return bytes.getInt(0);
        }

        boolean canCapture(Polarity edge) {
            return (flags() & captureFlag(edge)) != 0;
        }
    }

    /** struct pps_kparams: version, mode, two offsets of pps_ktime (8 bytes seconds, 4 nanoseconds, 4 flags): 40 bytes. */
    static final class Params {
        private static final int MODE = 4;
        private static final int ASSERT_OFFSET = 8;
        private static final int CLEAR_OFFSET = 24;

        final ByteBuffer bytes = allocate(40);

        int mode() {
            return bytes.getInt(MODE);
        }

        /**
         * Makes the device capture {@code edge} and stamp it as it comes, without the offset that another program may have left.
         *
         * @return whether anything had to be changed
         */
        boolean capturePlain(Polarity edge) {
            int wanted = mode() | captureFlag(edge);
            int offset = edge == Polarity.ASSERT ? ASSERT_OFFSET : CLEAR_OFFSET;
            boolean shifted = (mode() & offsetFlag(edge)) != 0
                    && (bytes.getLong(offset) != 0 || bytes.getInt(offset + Long.BYTES) != 0);
            if (wanted == mode() && !shifted) {
                return false;
            }
            bytes.putInt(MODE, wanted | PPS_TSFMT_TSPEC);
            bytes.putLong(offset, 0).putInt(offset + Long.BYTES, 0);
            return true;
        }

        /** Makes the device capture {@code edge} besides; whether that had to be changed. */
        boolean captureToo(Polarity edge) {
            boolean captures = (mode() & captureFlag(edge)) != 0;
            bytes.putInt(MODE, mode() | captureFlag(edge) | PPS_TSFMT_TSPEC);
            return !captures;
        }
    }

    /**
     * struct pps_fdata: two 4-byte sequences (assert, clear), two pps_ktime (at 8 and 24), the mode at 40, 4 bytes of padding, the
     * timeout as pps_ktime at 48: 64 bytes.
     */
    static final class Fetch {
        private static final int TIMEOUT = 48;

        final ByteBuffer bytes = allocate(64);
        private final int sequenceAt;
        private final int stampAt;
        private final int otherStampAt;

        Fetch(Polarity edge) {
            sequenceAt = edge == Polarity.ASSERT ? 0 : 4;
            stampAt = edge == Polarity.ASSERT ? 8 : 24;
            otherStampAt = 32 - stampAt;
        }

        /** How long to wait for the next event; 0 does not wait. */
        void timeoutNanos(long nanos) {
            bytes.putLong(TIMEOUT, nanos / NANOS_PER_SECOND);
            bytes.putInt(TIMEOUT + 8, (int) (nanos % NANOS_PER_SECOND));
            bytes.putInt(TIMEOUT + 12, 0);
        }

        /** The kernel's 32-bit count of edges of the wanted polarity; wraps. */
        int sequence() {
            return bytes.getInt(sequenceAt);
        }

        long stampNanos() {
            return nanosAt(stampAt);
        }

        /** The last edge of the other polarity; 0 when none was captured. */
        long otherStampNanos() {
            return nanosAt(otherStampAt);
        }

        private long nanosAt(int at) {
            return bytes.getLong(at) * NANOS_PER_SECOND + bytes.getInt(at + 8);
        }
    }

    private static int captureFlag(Polarity edge) {
        return edge == Polarity.ASSERT ? PPS_CAPTUREASSERT : PPS_CAPTURECLEAR;
    }

    private static int offsetFlag(Polarity edge) {
        return edge == Polarity.ASSERT ? PPS_OFFSETASSERT : PPS_OFFSETCLEAR;
    }
}
