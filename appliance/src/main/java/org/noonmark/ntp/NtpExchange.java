package org.noonmark.ntp;

import java.nio.ByteBuffer;

/**
 * One datagram with its circumstances: where from, where to, when. The request is turned into its answer in place, which is why an
 * answer cannot be longer. One object for each slot of a packet thread, filled anew for each datagram.
 */
public final class NtpExchange {
    private final NtpPacket packet = new NtpPacket(ByteBuffer.allocate(NtpPacket.HEADER_LENGTH), 0, 0);
    private boolean truncated;
    private long sourceHigh;
    private long sourceLow;
    private int sourcePort;
    private long localHigh;
    private long localLow;
    private int localPort;
    private long receiveNanos;
    private boolean keepsStamps;
    private long client;
    private long requestReceive;
    private long earlierTransmit;
    private boolean interleaved;
    private int kiss;
    private Authentication authentication = Authentication.NONE;
    private int ntsClient;

    /** How an answer proves where it is from. */
    enum Authentication {
        NONE,
        MAC,
        NTS
    }

    /** The datagram's octets; {@code truncated} says that it was longer than the slot it was received into. */
    public NtpExchange datagram(ByteBuffer buffer, int start, int length, boolean wasTruncated) {
        packet.wrap(buffer, start, length);
        truncated = wasTruncated;
        return this;
    }

    /** Who sent it: 128-bit address (IPv4 mapped) and port, unsigned. */
    public NtpExchange from(long addressHigh, long addressLow, int port) {
        sourceHigh = addressHigh;
        sourceLow = addressLow;
        sourcePort = port;
        return this;
    }

    /** The local address and port it came to. */
    public NtpExchange to(long addressHigh, long addressLow, int port) {
        localHigh = addressHigh;
        localLow = addressLow;
        localPort = port;
        return this;
    }

    /** When it came, by the served clock, nanoseconds since 1970. */
    public NtpExchange receivedAt(long nanos) {
        receiveNanos = nanos;
        return this;
    }

    /** The request; after an answer, the answer. */
    public NtpPacket packet() {
        return packet;
    }

    /**
     * Whether the kernel is to be asked when the answer leaves: the client speaks, or tries, interleaved mode. Then give that stamp to
     * {@link NtpResponder#onTransmitStamp}.
     */
    public boolean keepsStamps() {
        return keepsStamps;
    }

    /** Whether the answer, once stamped, tells when the one before it left (RFC 9769). */
    public boolean isInterleaved() {
        return interleaved;
    }

    /**
     * What kind of answer this gets, before it is stamped.
     *
     * @param keeps whether its stamps are kept for the next one
     * @param clientKey whose they are
     * @param receive the request's receive stamp
     * @param transmit when the answer before left; 0: unknown, the answer is a basic one
     */
    void answerAs(boolean keeps, long clientKey, long receive, long transmit) {
        keepsStamps = keeps;
        client = clientKey;
        requestReceive = receive;
        earlierTransmit = transmit;
        interleaved = false;
        kiss = 0;
    }

    /** The answer is a kiss-o'-death with that code (RFC 5905, section 7.4). Nothing is kept for it. */
    void answerAsKiss(int code) {
        answerAs(false, 0, 0, 0);
        kiss = code;
    }

    /** The code of a kiss-o'-death; 0: the answer is none. */
    int kiss() {
        return kiss;
    }

    /** The answer carries no proof. */
    void proveNothing() {
        authentication = Authentication.NONE;
    }

    /** The answer gets a MAC. */
    void proveByMac() {
        authentication = Authentication.MAC;
    }

    /** The answer is sealed for that client of {@link NtsAuthenticator}. */
    void proveByNts(int client) {
        authentication = Authentication.NTS;
        ntsClient = client;
    }

    Authentication authentication() {
        return authentication;
    }

    int ntsClient() {
        return ntsClient;
    }

    void setInterleaved() {
        interleaved = true;
    }

    long client() {
        return client;
    }

    long requestReceive() {
        return requestReceive;
    }

    long earlierTransmit() {
        return earlierTransmit;
    }

    /** Whether an answer carries a MAC or a seal of NTS; its request then had one that is right. */
    public boolean isAuthenticated() {
        return authentication != Authentication.NONE;
    }

    /** Whether an answer is sealed by NTS. */
    public boolean isSealed() {
        return authentication == Authentication.NTS;
    }

    /** Whether the answer tells the client that its NTS cookies are not known. */
    public boolean isNtsNak() {
        return kiss == NtpResponder.KISS_NTSN;
    }

    boolean truncated() {
        return truncated;
    }

    long sourceHigh() {
        return sourceHigh;
    }

    long sourceLow() {
        return sourceLow;
    }

    int sourcePort() {
        return sourcePort;
    }

    /** When it came, by the served clock, nanoseconds since 1970. */
    public long receiveNanos() {
        return receiveNanos;
    }

    /** Whether an IPv6 datagram names an IPv4 address as its source: only a forger sends that. */
    boolean isIpv4InDisguise() {
        return isMapped(sourceHigh, sourceLow) && !isMapped(localHigh, localLow);
    }

    private static boolean isMapped(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** Whether the source is the server itself: a forged source that would make it talk to itself. */
    boolean fromItself() {
        return sourcePort == localPort && sourceLow == localLow && sourceHigh == localHigh;
    }
}
