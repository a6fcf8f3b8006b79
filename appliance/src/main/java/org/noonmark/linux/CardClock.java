package org.noonmark.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The clock of a network card (PTP hardware clock), read beside the realtime clock. Used by one thread. */
public final class CardClock implements AutoCloseable {
    /**
     * Both clocks at one moment.
     *
     * @param cardNanos the card's
     * @param systemNanos this machine's realtime clock, nanoseconds since 1970
     * @param apartNanos how long the reading took: half of it is how far they may be apart
     */
    public record Reading(long cardNanos, long systemNanos, long apartNanos) {}

    private static final int O_RDONLY_CLOEXEC = 0x80000;

    /** {@code PTP_SYS_OFFSET_PRECISE}: the card stamps both. Struct: card, realtime, raw (16 bytes each), 16 reserved. */
    private static final long CROSS_STAMPS = 0xc0403d08L;
    /** {@code PTP_SYS_OFFSET}: the kernel reads one after the other. Struct: number of readings, 12 reserved, then stamps of 16 bytes. */
    private static final long TURNS = 0x43403d05L;

    private static final int TURNS_BYTES = 832;
    private static final int READINGS = 10;
    private static final int HEAD_BYTES = 16;
    private static final int STAMP_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final int fd;
    private final String device;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(TURNS_BYTES).order(ByteOrder.nativeOrder());
    private boolean crossStamps;

    private CardClock(int fd, String device, boolean crossStamps) {
        this.fd = fd;
        this.device = device;
        this.crossStamps = crossStamps;
    }

    /**
     * Opens it.
     *
     * @param crossStamps whether the card may stamp both clocks, where it can
     * @throws IOException when it is missing or refuses; the message names device and reason
     */
    public static CardClock open(String device, boolean crossStamps) throws IOException {
        int fd = Libc.open(device, O_RDONLY_CLOEXEC);
        if (fd < 0) {
            throw new IOException(device + ": " + Libc.lastError());
        }
        return new CardClock(fd, device, crossStamps);
    }

    /** Reads both; of several readings the one that took least. */
    public Reading read() throws IOException {
        if (crossStamps) {
            if (Libc.ioctl(fd, CROSS_STAMPS, buffer) == 0) {
                return new Reading(nanos(0), nanos(STAMP_BYTES), 0);
            }
            crossStamps = false; // this card cannot
        }
        buffer.putInt(0, READINGS);
        if (Libc.ioctl(fd, TURNS, buffer) != 0) {
            throw new IOException(device + ": " + Libc.lastError());
        }
        return best(buffer, READINGS);
    }

    /** Stamps come in turns: system, card, system, card, ..., system. */
    static Reading best(ByteBuffer stamps, int readings) {
        Reading best = new Reading(0, 0, Long.MAX_VALUE);
        for (int i = 0; i < readings; i++) {
            long before = nanos(stamps, HEAD_BYTES + 2 * i * STAMP_BYTES);
            long card = nanos(stamps, HEAD_BYTES + (2 * i + 1) * STAMP_BYTES);
            long apart = nanos(stamps, HEAD_BYTES + (2 * i + 2) * STAMP_BYTES) - before;
            if (apart < best.apartNanos()) {
                best = new Reading(card, before + apart / 2, apart);
            }
        }
        return best;
    }

    private long nanos(int at) {
        return nanos(buffer, at);
    }

    private static long nanos(ByteBuffer stamps, int at) {
        return stamps.getLong(at) * NANOS_PER_SECOND + stamps.getInt(at + 8);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
