package org.noonmark.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code struct timex} of adjtimex(2) as 64-bit Linux lays it out: 208 bytes, native byte order. A view of one buffer that is used
 * again for every call.
 */
final class Timex {
    static final int BYTES = 208;

    /** adjtime(3): the kernel works off {@link #offset} by itself. Goes with no other mode. */
    static final int ADJ_OFFSET_SINGLESHOT = 0x8001;

    static final int ADJ_OFFSET = 0x0001;
    static final int ADJ_FREQUENCY = 0x0002;
    static final int ADJ_MAXERROR = 0x0004;
    static final int ADJ_ESTERROR = 0x0008;
    static final int ADJ_STATUS = 0x0010;
    static final int ADJ_TAI = 0x0080;
    static final int ADJ_SETOFFSET = 0x0100;
    static final int ADJ_NANO = 0x2000;
    static final int ADJ_TICK = 0x4000;

    static final int STA_PLL = 0x0001;
    static final int STA_INS = 0x0010;
    static final int STA_DEL = 0x0020;
    static final int STA_UNSYNC = 0x0040;

    /** Microseconds per tick of USER_HZ 100: the tick of a clock that nobody has touched. */
    static final long NOMINAL_TICK_MICROS = 10_000;

    private static final int MODES = 0;
    private static final int OFFSET = 8;
    private static final int FREQUENCY = 16;
    private static final int MAXERROR = 24;
    private static final int ESTERROR = 32;
    private static final int STATUS = 40;
    private static final int CONSTANT = 48;
    private static final int TIME_SECONDS = 72;
    private static final int TIME_FRACTION = 80;
    private static final int TICK = 88;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());

    /** Empties the structure and asks for {@code modes}; 0 only reads. */
    Timex begin(int modes) {
        for (int i = 0; i < BYTES; i += Long.BYTES) {
            bytes.putLong(i, 0);
        }
        bytes.putInt(MODES, modes);
        return this;
    }

    ByteBuffer bytes() {
        return bytes;
    }

    int modes() {
        return bytes.getInt(MODES);
    }

    /** With {@link #ADJ_OFFSET_SINGLESHOT}: microseconds, whatever STA_NANO says. */
    Timex offset(long micros) {
        bytes.putLong(OFFSET, micros);
        return this;
    }

    /** Parts per million times 65 536. */
    long scaledFrequency() {
        return bytes.getLong(FREQUENCY);
    }

    Timex scaledFrequency(long scaledPpm) {
        bytes.putLong(FREQUENCY, scaledPpm);
        return this;
    }

    long tickMicros() {
        return bytes.getLong(TICK);
    }

    Timex tickMicros(long micros) {
        bytes.putLong(TICK, micros);
        return this;
    }

    int status() {
        return bytes.getInt(STATUS);
    }

    Timex status(int flags) {
        bytes.putInt(STATUS, flags);
        return this;
    }

    /** With {@link #ADJ_TAI}: TAI minus UTC. */
    Timex taiSeconds(int seconds) {
        bytes.putLong(CONSTANT, seconds);
        return this;
    }

    Timex errorMicros(long max, long estimated) {
        bytes.putLong(MAXERROR, max);
        bytes.putLong(ESTERROR, estimated);
        return this;
    }

    /** The step of ADJ_SETOFFSET with ADJ_NANO: whole seconds of either sign, nanoseconds 0 to 999 999 999 added to them. */
    Timex step(long seconds, long nanos) {
        bytes.putLong(TIME_SECONDS, seconds);
        bytes.putLong(TIME_FRACTION, nanos);
        return this;
    }
}
