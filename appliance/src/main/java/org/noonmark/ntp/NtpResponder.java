package org.noonmark.ntp;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

/**
 * Answers client requests of NTP versions 1 to 4 and SNTP (RFC 5905, section 9.2; RFC 4330) without keeping anything about the client.
 * In two steps: {@link #respond} decides and turns the request around; {@link #stampTransmit} fills in the system variables and the
 * transmit timestamp of that very moment, just before sending. Used by one packet thread; allocates nothing.
 *
 * <p>What is answered follows chrony: mode 3, symmetric active (mode 1, as old Windows clients ask) in mode 2, and mode 0 of version 1,
 * which had no modes yet, unless it comes from port 123 and so may be a server's. Extension fields of version 4 are skipped when
 * well-formed (RFC 7822) and not returned. A request with a MAC or NTS fields is not answered: its sender would have to throw away an
 * answer without authentication.
 *
 * <p>Receive timestamps are odd and transmit timestamps are even in their last bit. So they are never equal, and a later request in
 * interleaved mode shows which of them it brings back, as with chrony.
 */
public final class NtpResponder {
    private static final int NTP_PORT = 123;
    private static final int MAX_VERSION = 4;
    /** RFC 5905, figure 14: MAXPOLL. */
    private static final int MAX_POLL = 17;
    /** An answer that took longer is no measurement any more: the clock may have been set meanwhile. One second in NTP units. */
    private static final long MAX_ANSWER_AGE = 1L << 32;
    /** A transmit stamp so far before the receive stamp means a step, not reading noise: 1 ms in NTP units, roughly. */
    private static final long MAX_BACKWARD = 1L << 22;

    private final Supplier<AccessTable> access;
    private final SplittableRandom random;

    /**
     * @param access who may ask, read once for each request: it may be replaced at any time
     * @param fuzzSeed start of the random bits below the precision; they hide nothing, so they need not be secret
     */
    public NtpResponder(Supplier<AccessTable> access, long fuzzSeed) {
        this.access = access;
        this.random = new SplittableRandom(fuzzSeed);
    }

    /**
     * Decides on a datagram. When the result is {@link Disposition#ANSWERED}, the exchange's packet is the answer but for what {@link
     * #stampTransmit} writes; otherwise it is untouched.
     */
    public Disposition respond(NtpExchange exchange) {
        NtpPacket packet = exchange.packet();
        Disposition disposition = judge(exchange, packet);
        if (disposition == Disposition.ANSWERED) {
            int mode = packet.mode() == NtpPacket.MODE_SYMMETRIC_ACTIVE
                    ? NtpPacket.MODE_SYMMETRIC_PASSIVE
                    : NtpPacket.MODE_SERVER;
            packet.truncate(NtpPacket.HEADER_LENGTH);
            packet.setLeapVersionMode(3, packet.version(), mode);
            packet.setPoll(Math.clamp(packet.poll(), 0, MAX_POLL));
            packet.setOriginTimestamp(packet.transmitTimestamp());
            packet.setReceiveTimestamp(NtpTime.ofUnixNanos(exchange.receiveNanos()));
        }
        return disposition;
    }

    /**
     * Completes an answer with the server's state and the transmit timestamp. Read {@code nowNanos} first and {@code system} after it:
     * then a clock that was stepped in between is seen as not synchronised.
     *
     * @param answer a packet that {@link #respond} made
     * @param nowNanos the served clock now, nanoseconds since 1970
     */
    public void stampTransmit(NtpPacket answer, SystemVariables system, long nowNanos) {
        long fuzzMask = fuzzMask(system.precision());
        long noise = random.nextLong();
        long receive = fuzz(answer.receiveTimestamp(), fuzzMask, noise) | 1;
        long transmit = fuzz(NtpTime.ofUnixNanos(nowNanos), fuzzMask, noise >>> 32) & ~1L;
        long age = transmit - receive;
        boolean oneClock = age > -MAX_BACKWARD && age < MAX_ANSWER_AGE;
        if (age < 0) {
            transmit = receive + 1;
        }
        if (oneClock) {
            describe(answer, system, nowNanos);
        } else {
            describe(answer, SystemVariables.unsynchronised(system.precision()), nowNanos);
        }
        answer.setReceiveTimestamp(receive);
        answer.setTransmitTimestamp(transmit);
    }

    private Disposition judge(NtpExchange exchange, NtpPacket packet) {
        if (!access.get().allows(exchange.sourceHigh(), exchange.sourceLow())) {
            return Disposition.DENIED;
        }
        if (exchange.sourcePort() == 0 || exchange.fromItself()) {
            return Disposition.UNUSABLE_SOURCE;
        }
        if (exchange.truncated()) {
            return Disposition.TOO_LONG;
        }
        if (packet.length() < NtpPacket.HEADER_LENGTH) {
            return packet.length() > 0 && isControlMode(packet.mode())
                    ? Disposition.CONTROL_MODE
                    : Disposition.TOO_SHORT;
        }
        if (isControlMode(packet.mode())) {
            return Disposition.CONTROL_MODE;
        }
        if (packet.version() == 0 || packet.version() > MAX_VERSION) {
            return Disposition.UNSUPPORTED_VERSION;
        }
        if (!isRequest(packet, exchange.sourcePort())) {
            return Disposition.NOT_A_REQUEST;
        }
        return ExtensionFields.judge(packet);
    }

    private static boolean isControlMode(int mode) {
        return mode >= 6;
    }

    private static boolean isRequest(NtpPacket packet, int sourcePort) {
        return switch (packet.mode()) {
            case NtpPacket.MODE_CLIENT, NtpPacket.MODE_SYMMETRIC_ACTIVE -> true;
            case 0 -> packet.version() == 1 && sourcePort != NTP_PORT;
            default -> false;
        };
    }

    private static void describe(NtpPacket answer, SystemVariables system, long nowNanos) {
        answer.setLeapVersionMode(system.leapIndicator(), answer.version(), answer.mode());
        answer.setStratum(system.stratum());
        answer.setPrecision(system.precision());
        answer.setRootDelay(NtpShort.ceilOfNanos(system.rootDelayNanos()));
        answer.setRootDispersion(NtpShort.ceilOfNanos(system.rootDispersionNanos(nowNanos)));
        answer.setReferenceId(system.referenceId());
        answer.setReferenceTimestamp(system.referenceTimestamp());
    }

    /** The bits of a stamp that lie below the precision. */
    private static long fuzzMask(int precision) {
        int bits = Math.clamp(32 + precision, 0, 31);
        return (1L << bits) - 1;
    }

    private static long fuzz(long stamp, long mask, long noise) {
        return (stamp & ~mask) | (noise & mask);
    }
}
