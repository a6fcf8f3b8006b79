package org.noonmark.ntp;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

/**
 * Answers client requests of NTP versions 1 to 4 and SNTP (RFC 5905, section 9.2; RFC 4330).
 * In two steps: {@link #respond} decides and turns the request around; {@link #stampTransmit} fills in the system variables and the
 * transmit timestamp of that very moment, and the MAC over it, just before sending. Used by one packet thread; allocates nothing.
 *
 * <p>What is answered follows chrony: mode 3, symmetric active (mode 1, as old Windows clients ask) in mode 2, and mode 0 of version 1,
 * which had no modes yet, unless it comes from port 123 and so may be a server's. Extension fields of version 4 are skipped when
 * well-formed (RFC 7822) and not returned, but for a unique identifier (RFC 8915, section 5.3). A request with a MAC is answered with one by
 * the same key, if its own is right; else it is not answered: its sender would have to throw away an answer without authentication, and a
 * crypto-NAK could be forged by anybody. One with NTS is answered with NTS; when its cookie cannot be opened or its tag is wrong, a client of
 * a server that has lost its keys has to learn it, so it gets, not too often, the kiss code NTSN with its unique identifier (RFC 8915,
 * section 5.7).
 *
 * <p>Receive timestamps are odd and transmit timestamps are even in their last bit. So they are never equal, and a later request in
 * interleaved mode shows which of them it brings back, as with chrony: a request of version 4 that brings back a receive stamp, and
 * whose own receive and transmit stamps differ, is from a client that speaks or tries interleaved mode (RFC 9769, section 2). Only for
 * such is anything kept. If the stamp is one that is held, and the kernel has told when that answer left, the new answer is
 * interleaved: origin is the request's receive stamp, and the transmit stamp that of the answer before. Else it is a basic one.
 */
public final class NtpResponder {
    private static final int NTP_PORT = 123;
    private static final int KISS_RATE = SystemVariables.asciiReferenceId("RATE");
    /** RFC 8915, section 7.4. */
    static final int KISS_NTSN = SystemVariables.asciiReferenceId("NTSN");

    private static final int MAX_VERSION = 4;
    /** RFC 5905, figure 14: MAXPOLL. */
    private static final int MAX_POLL = 17;
    /** An answer that took longer is no measurement any more: the clock may have been set meanwhile. One second in NTP units. */
    private static final long MAX_ANSWER_AGE = 1L << 32;
    /** A transmit stamp so far before the receive stamp means a step, not reading noise: 1 ms in NTP units, roughly. */
    private static final long MAX_BACKWARD = 1L << 22;

    private final Supplier<AccessTable> access;
    private final ExtensionFields extensionFields = new ExtensionFields();
    private final MacAuthenticator authenticator;
    private final @Nullable NtsAuthenticator nts;
    private final NakBudget naks = new NakBudget();
    private final SplittableRandom random;
    private final StampTable stamps;
    private final ClientTable clients;
    private final int leastPoll;
    /** Of the precision last served, for stamps that come between answers. */
    private long lastFuzzMask;

    /**
     * @param access who may ask, read once for each request: it may be replaced at any time
     * @param options what else the owner has chosen
     * @param seed of the random bits below the precision, and of what makes it hard to guess who shares a place in the table of clients
     */
    public NtpResponder(Supplier<AccessTable> access, NtpOptions options, long seed) {
        this.access = access;
        this.authenticator = new MacAuthenticator(options.keys());
        this.nts = options.nts().map(NtsProvider::authenticator).orElse(null);
        this.random = new SplittableRandom(seed);
        this.stamps = new StampTable(options.capacity());
        this.clients = new ClientTable(options.capacity(), options.rateLimit(), options.ipv6PrefixBits(), seed);
        this.leastPoll = options.rateLimit().map(RateLimit::intervalLog2Seconds).orElse(0);
    }

    /**
     * Decides on a datagram. When the result is {@link Disposition#ANSWERED}, the exchange's packet is the answer but for what {@link
     * #stampTransmit} writes; otherwise it is untouched.
     */
    public Disposition respond(NtpExchange exchange) {
        NtpPacket packet = exchange.packet();
        Disposition disposition = judge(exchange, packet);
        if (disposition != Disposition.ANSWERED) {
            return disposition;
        }
        exchange.proveNothing();
        if (extensionFields.nts().isPresent()) {
            return respondByNts(exchange, packet);
        }
        boolean wantsMac = extensionFields.macStart() > 0;
        if (!wantsMac && !clients.hasRoom(exchange)) {
            return Disposition.OVERLOADED;
        }
        if (wantsMac) {
            disposition = authenticator.verify(packet, extensionFields.macStart());
            if (disposition != Disposition.ANSWERED) {
                clients.onWrongMac(exchange);
                return disposition;
            }
        }
        if (!admit(exchange, packet, wantsMac)) {
            return Disposition.RATE_LIMITED;
        }
        if (wantsMac) {
            exchange.proveByMac();
        }
        dropExtensionFields(packet);
        turnAround(exchange, packet);
        return Disposition.ANSWERED;
    }

    private Disposition respondByNts(NtpExchange exchange, NtpPacket packet) {
        if (nts == null) {
            return Disposition.AUTHENTICATION_NOT_SERVED;
        }
        NtsFields fields = extensionFields.nts();
        return switch (nts.verify(packet, fields)) {
            case MALFORMED -> Disposition.NTS_MALFORMED;
            case UNKNOWN -> refuseCookie(exchange, packet, fields);
            case AUTHENTIC -> {
                if (!admit(exchange, packet, true)) {
                    yield Disposition.RATE_LIMITED;
                }
                exchange.proveByNts(nts.turnAround(packet, fields));
                turnAround(exchange, packet);
                yield Disposition.ANSWERED;
            }
        };
    }

    /** Header and unique identifier, so that the client knows that it is meant and asks for new cookies. */
    private Disposition refuseCookie(NtpExchange exchange, NtpPacket packet, NtsFields fields) {
        if (!naks.allows(exchange.receiveNanos())) {
            clients.onWrongMac(exchange);
            return Disposition.NTS_NOT_TOLD;
        }
        if (clients.onRequest(exchange, false) != ClientTable.Verdict.ANSWER) {
            return Disposition.RATE_LIMITED;
        }
        exchange.answerAsKiss(KISS_NTSN);
        leaveUniqueIdentifier(packet, fields);
        turnAround(exchange, packet);
        return Disposition.ANSWERED;
    }

    /** Whether the client may be answered, and if so how: as it asks, or that it is to ask less. */
    private boolean admit(NtpExchange exchange, NtpPacket packet, boolean authenticated) {
        ClientTable.Verdict verdict = clients.onRequest(exchange, authenticated);
        if (verdict == ClientTable.Verdict.KISS) {
            exchange.answerAsKiss(KISS_RATE);
        } else if (verdict == ClientTable.Verdict.ANSWER) {
            recall(exchange, packet);
        }
        return verdict != ClientTable.Verdict.DROP;
    }

    private void turnAround(NtpExchange exchange, NtpPacket packet) {
        int mode = packet.mode() == NtpPacket.MODE_SYMMETRIC_ACTIVE
                ? NtpPacket.MODE_SYMMETRIC_PASSIVE
                : NtpPacket.MODE_SERVER;
        packet.setLeapVersionMode(3, packet.version(), mode);
        packet.setPoll(Math.clamp(Math.max(leastPoll, packet.poll()), 0, MAX_POLL));
        packet.setOriginTimestamp(packet.transmitTimestamp());
        packet.setReceiveTimestamp(NtpTime.ofUnixNanos(exchange.receiveNanos()));
    }

    /** Decides whether the client speaks interleaved mode, and what is known of the answer that it got before. */
    private void recall(NtpExchange exchange, NtpPacket request) {
        long origin = request.originTimestamp();
        long receive = request.receiveTimestamp();
        boolean asks = request.version() == MAX_VERSION
                && (origin & 1) == 1
                && receive != request.transmitTimestamp()
                && stamps.capacity() > 0;
        long client = asks ? exchange.sourceHigh() * 31 + exchange.sourceLow() : 0;
        long earlier = asks ? stamps.take(origin, client) : 0;
        exchange.answerAs(asks, client, receive, earlier);
        if (earlier != 0) {
            clients.onInterleaved();
        }
    }

    /**
     * The kernel has told when an answer left.
     *
     * @param receiveTimestamp the answer's receive stamp, as it was sent
     * @param transmitNanos by the served clock, nanoseconds since 1970
     */
    public void onTransmitStamp(long receiveTimestamp, long transmitNanos) {
        long transmit = fuzz(NtpTime.ofUnixNanos(transmitNanos), lastFuzzMask, random.nextLong()) & ~1L;
        long age = transmit - receiveTimestamp;
        if (age > 0 && age < MAX_ANSWER_AGE) {
            stamps.onTransmit(receiveTimestamp, transmit);
        }
    }

    /** The clock is no longer proven, so it may have been moved: what was stamped before is forgotten. At least once a second while so. */
    public void forgetStamps() {
        stamps.clear();
    }

    /**
     * What is to be done about more requests than can be answered.
     *
     * @param isAlarmed it was so lately: nobody becomes known
     * @param isPressed it is so now: requests with a MAC and those of known clients are answered first
     */
    public void setOverload(boolean isAlarmed, boolean isPressed) {
        clients.setOverload(isAlarmed, isPressed);
    }

    /** Says from now on who becomes known, and who is no longer so. */
    public void tellOfKnown(KnownClientsListener listener) {
        clients.tellOfKnown(listener);
    }

    /** Who has asked. Any thread may read it. */
    public ClientTable clients() {
        return clients;
    }

    /** Pairs of stamps held for clients in interleaved mode. Any thread may ask. */
    public int stampsHeld() {
        return stamps.held();
    }

    /** Seconds from the first to the last answer of those pairs. Any thread may ask. */
    public int stampSpanSeconds() {
        return stamps.spanSeconds();
    }

    private static void leaveUniqueIdentifier(NtpPacket packet, NtsFields fields) {
        packet.move(fields.uniqueIdentifierAt(), NtpPacket.HEADER_LENGTH, fields.uniqueIdentifierLength());
        packet.truncate(NtpPacket.HEADER_LENGTH + fields.uniqueIdentifierLength());
    }

    /**
     * Leaves the header, and behind it a MAC, which is as long in the answer and knows it from a forged one; without a MAC the unique
     * identifier. Other fields are not returned.
     */
    private void dropExtensionFields(NtpPacket packet) {
        int macStart = extensionFields.macStart();
        if (macStart == 0 && extensionFields.nts().isIdentifierAlone()) {
            leaveUniqueIdentifier(packet, extensionFields.nts());
        } else if (macStart == 0) {
            packet.truncate(NtpPacket.HEADER_LENGTH);
        } else {
            packet.setWord(NtpPacket.HEADER_LENGTH, packet.word(macStart));
            packet.truncate(NtpPacket.HEADER_LENGTH + packet.length() - macStart);
        }
    }

    /**
     * Completes an answer with the server's state, the transmit timestamp and its MAC. Read {@code nowNanos} first and {@code system}
     * after it: then a clock that was stepped in between is seen as not synchronised.
     *
     * @param exchange one that {@link #respond} answered
     * @param nowNanos the served clock when the answer leaves: now, and what is known of the time until then; nanoseconds since 1970
     */
    public void stampTransmit(NtpExchange exchange, SystemVariables system, long nowNanos) {
        NtpPacket answer = exchange.packet();
        lastFuzzMask = fuzzMask(system.precision());
        long noise = random.nextLong();
        long receive = fuzz(answer.receiveTimestamp(), lastFuzzMask, noise) | 1;
        long transmit = fuzz(NtpTime.ofUnixNanos(nowNanos), lastFuzzMask, noise >>> 32) & ~1L;
        long age = transmit - receive;
        boolean oneClock = age > -MAX_BACKWARD && age < MAX_ANSWER_AGE;
        SystemVariables said = oneClock ? system : SystemVariables.unsynchronised(system.precision());
        describe(answer, said, nowNanos);
        if (exchange.kiss() != 0) {
            kiss(answer, exchange.kiss());
        }
        if (receive == answer.originTimestamp()) {
            receive += 2;
        }
        if (exchange.keepsStamps() && said.isSynchronised()) {
            receive = keep(exchange, receive);
        }
        answer.setReceiveTimestamp(receive);
        answer.setTransmitTimestamp(
                exchange.isInterleaved() ? exchange.earlierTransmit() : basicTransmit(answer, transmit));
        switch (exchange.authentication()) {
            case NONE -> {}
            case MAC -> authenticator.seal(answer);
            case NTS -> Objects.requireNonNull(nts).seal(answer, exchange.ntsClient());
        }
    }

    /**
     * Writes a packet that answers nobody (mode 5), as chrony does: version 4, and no stamps but those of the clock. Read {@code nowNanos}
     * first and {@code system} after it.
     *
     * @param packet as long as a header; all of it is written
     * @param intervalSeconds until the next
     */
    public void announce(NtpPacket packet, int intervalSeconds, SystemVariables system, long nowNanos) {
        packet.setLeapVersionMode(3, MAX_VERSION, NtpPacket.MODE_BROADCAST);
        packet.setPoll((int) Math.round(Math.log(intervalSeconds) / Math.log(2)));
        packet.setOriginTimestamp(0);
        packet.setReceiveTimestamp(0);
        describe(packet, system, nowNanos);
        long mask = fuzzMask(system.precision());
        packet.setTransmitTimestamp(fuzz(NtpTime.ofUnixNanos(nowNanos), mask, random.nextLong()) & ~1L);
    }

    /** The kind of work that {@link #stampTransmit} has with sealing this answer; -1: none. */
    public int sealKind(NtpExchange exchange) {
        return exchange.isSealed() ? Objects.requireNonNull(nts).kind(exchange.packet(), exchange.ntsClient()) : -1;
    }

    /** Keeps the stamps of this answer for the next one, and makes it an interleaved one where that can be. Its receive stamp. */
    private long keep(NtpExchange exchange, long receive) {
        long unique = stamps.save(receive, exchange.client());
        long kept = unique == 0 ? receive : unique;
        long origin = exchange.requestReceive();
        long earlier = exchange.earlierTransmit();
        if (earlier != 0 && earlier != origin && kept != origin) {
            exchange.setInterleaved();
            exchange.packet().setOriginTimestamp(origin);
        }
        return kept;
    }

    /** After the receive stamp, even if it was read before it, and never the origin, which would make the answer a request to itself. */
    private static long basicTransmit(NtpPacket answer, long transmit) {
        long later = transmit - answer.receiveTimestamp() < 0 ? answer.receiveTimestamp() + 1 : transmit;
        return later == answer.originTimestamp() ? later + 2 : later;
    }

    private Disposition judge(NtpExchange exchange, NtpPacket packet) {
        if (!access.get().allows(exchange.sourceHigh(), exchange.sourceLow())) {
            return Disposition.DENIED;
        }
        if (exchange.sourcePort() == 0 || exchange.fromItself() || exchange.isIpv4InDisguise()) {
            return Disposition.UNUSABLE_SOURCE;
        }
        if (isReflecting(exchange.sourcePort())) {
            return Disposition.REFLECTION;
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
        return extensionFields.judge(packet);
    }

    /**
     * Ports whose services answer what they do not understand, or large: a request that seems to come from one was forged to set the two
     * on each other. Below 123 as ntpd has it; above 1023 a client's port can be one by chance, and asks again from another.
     */
    private static boolean isReflecting(int port) {
        return switch (port) {
            // NetBIOS, SNMP, CLDAP, RIP, SSDP, WS-Discovery, mDNS, CoAP, memcached
            case 137, 161, 389, 520, 1900, 3702, 5353, 5683, 11211 -> true;
            default -> port < NTP_PORT;
        };
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

    /** RFC 5905, section 7.4. */
    private static void kiss(NtpPacket answer, int code) {
        answer.setLeapVersionMode(3, answer.version(), answer.mode());
        answer.setStratum(0);
        answer.setReferenceId(code);
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
