package org.noonmark.linux;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the kernel's stamps of datagrams that have left, from the socket's error queue: each comes with the frame as it went to the
 * network's driver, so that it is known beyond doubt which datagram it was. Laid out once; used by the socket's one thread.
 */
final class TransmitStamps {
    /** Stamps in one reading, at most. */
    static final int SLOTS = 16;

    private static final int HEADER = 64;
    private static final int HEADER_VECTOR = 16;
    private static final int HEADER_VECTOR_LENGTH = 24;
    private static final int HEADER_CONTROL = 32;
    private static final int HEADER_CONTROL_LENGTH = 40;
    private static final int HEADER_RECEIVED = 56;
    private static final int VECTOR = 16;
    /** Link header, IPv6 header, UDP header and an NTP header; what follows is cut off. */
    private static final int FRAME = 192;

    /** Three stamps of 64 octets, one of 32, the error of 64 and an address of 40. */
    private static final int CONTROL = 256;

    private static final int CONTROL_HEADER = 16;
    private static final int SOL_SOCKET = 1;
    private static final int SCM_TIMESTAMPING = 37;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final int VECTORS = HEADER * SLOTS;
    private static final int FRAMES = VECTORS + VECTOR * SLOTS;
    private static final int CONTROLS = FRAMES + FRAME * SLOTS;
    private static final int SIZE = CONTROLS + CONTROL * SLOTS;

    private final ByteBuffer host = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder());
    private final ByteBuffer network = host.duplicate().order(ByteOrder.BIG_ENDIAN);
    private final long address = MemorySegment.ofBuffer(host).address();
    private final long[] nanos = new long[SLOTS];
    private final int[] payload = new int[SLOTS];

    TransmitStamps() {
        for (int i = 0; i < SLOTS; i++) {
            host.putLong(HEADER * i + HEADER_VECTOR, address(VECTORS + VECTOR * i));
            host.putLong(HEADER * i + HEADER_VECTOR_LENGTH, 1);
            host.putLong(HEADER * i + HEADER_CONTROL, address(CONTROLS + CONTROL * i));
            host.putLong(VECTORS + VECTOR * i, address(FRAMES + FRAME * i));
            host.putLong(VECTORS + VECTOR * i + 8, FRAME);
        }
    }

    /** Takes what is there; how many. */
    int read(int fd, int localPort) {
        for (int i = 0; i < SLOTS; i++) {
            host.putLong(HEADER * i + HEADER_CONTROL_LENGTH, CONTROL);
        }
        int flags = UdpSocketCalls.MSG_ERRQUEUE | UdpSocketCalls.MSG_DONTWAIT;
        int count = Math.max(0, UdpSocketCalls.recvmmsg(fd, address, SLOTS, flags));
        for (int i = 0; i < count; i++) {
            int length = Math.min(FRAME, host.getInt(HEADER * i + HEADER_RECEIVED));
            payload[i] = SentFrame.payloadStart(network, FRAMES + FRAME * i, length, localPort);
            nanos[i] = payload[i] < 0 ? Datagrams.NO_STAMP : stamp(i);
        }
        return count;
    }

    long nanos(int index) {
        return nanos[index];
    }

    long octets(int index, int at) {
        return nanos[index] == Datagrams.NO_STAMP ? 0 : network.getLong(payload[index] + at);
    }

    private long address(int at) {
        return address + at;
    }

    private long stamp(int index) {
        int at = CONTROLS + CONTROL * index;
        long end = at + host.getLong(HEADER * index + HEADER_CONTROL_LENGTH);
        while (at + CONTROL_HEADER <= end) {
            long length = host.getLong(at);
            if (host.getInt(at + 8) == SOL_SOCKET && host.getInt(at + 12) == SCM_TIMESTAMPING) {
                // The first of three is the software's.
                long seconds = host.getLong(at + CONTROL_HEADER);
                return seconds == 0
                        ? Datagrams.NO_STAMP
                        : seconds * NANOS_PER_SECOND + host.getLong(at + CONTROL_HEADER + 8);
            }
            if (length < CONTROL_HEADER) {
                break;
            }
            at += (int) (length + 7) & ~7;
        }
        return Datagrams.NO_STAMP;
    }
}
