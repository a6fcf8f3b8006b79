package org.noonmark.xdp;

import static org.noonmark.xdp.BpfAssembler.Size.BYTE;
import static org.noonmark.xdp.BpfAssembler.Size.DOUBLE;
import static org.noonmark.xdp.BpfAssembler.Size.HALF;
import static org.noonmark.xdp.BpfAssembler.Size.WORD;

import java.nio.ByteBuffer;

/**
 * The program that the driver runs for each frame. It takes what is surely a request to us: to this card's own MAC and one of this
 * machine's addresses, a whole UDP datagram for one of the ports, with room for an NTP header, over plain IPv4 or IPv6, without a VLAN. It
 * stamps it with CLOCK_TAI, in the eight octets before the frame, and hands it to the socket of its queue. All else, and all when no socket
 * is there, goes on to the kernel: multicast, fragments, options, extension headers, what is too short.
 *
 * <p>While the daemon says of a queue that more requests come than it can answer, they are measured here, where dropping one costs least:
 * each client that it has named has buckets, apart for requests with a MAC and those without, and all the rest of the queue share one.
 * Whoever forges a known client's address seldom looks like it in all else: there is a bucket for each of {@value #FACES} groups of
 * senders' MAC addresses, of times to live, and of ports, and a request is taken when one of its three has room.
 *
 * <p>Numbers of helpers, actions and structures are the kernel's (linux/bpf.h). Octets of a packet are compared as a little-endian
 * machine reads them.
 */
final class XdpProgram {
    /** XDP_DROP. */
    static final int DROP = 1;

    /** XDP_PASS: on to the kernel. */
    static final int PASS = 2;

    /** Octets of a key in the map of addresses: 128 bits, IPv4 mapped. */
    static final int ADDRESS_BYTES = 16;

    /** Octets of the stamp before a frame. */
    static final int STAMP_BYTES = 8;

    /** Octets of a key in the map of known clients: an address, then 1 for requests longer than the header (with a MAC), else 0. */
    static final int CLIENT_BYTES = ADDRESS_BYTES + 4;

    /** Groups that all ports, times to live, or MAC addresses fall into: a power of two. */
    private static final int FACES = 8;

    /** Octets of a bucket: when it was last looked at, and nanoseconds of credit. */
    private static final int BUCKET_BYTES = 16;

    private static final int TRAITS = 3;

    /** Octets of a known client's buckets. */
    static final int BUCKETS_BYTES = TRAITS * FACES * BUCKET_BYTES;

    /**
     * Octets of the bucket of a queue's strangers: the same as another, then the nanoseconds that one request takes (0: no limit now), then
     * how many were dropped.
     */
    static final int STRANGERS_BYTES = 32;

    static final int STRANGERS_COST = 16;
    static final int STRANGERS_DROPPED = 24;

    /** Each of a known client's buckets: 128 requests a second, 16 in a row. */
    private static final int KNOWN_COST = 1_000_000_000 / 128;

    private static final int KNOWN_MOST = 16 * KNOWN_COST;

    /** The strangers' bucket holds what comes in so many nanoseconds. */
    private static final int STRANGERS_MOST = 10_000_000;

    private static final int MAP_LOOKUP = 1;
    private static final int KTIME_GET_NS = 5;
    private static final int REDIRECT_MAP = 51;
    private static final int ADJUST_META = 54;
    private static final int KTIME_GET_TAI = 208;

    private static final int CONTEXT_DATA = 0;
    private static final int CONTEXT_END = 4;
    private static final int CONTEXT_META = 8;
    private static final int CONTEXT_QUEUE = 16;

    /** Where keys lie on the stack: of a client, and of its queue's strangers' bucket. */
    private static final int CLIENT = -40;

    private static final int STRANGERS = -44;

    /** And what a request looks like: the last octets of its sender's MAC address, its time to live, and its port; 4 octets each. */
    private static final int MAC_TAIL = -48;

    private static final int TIME_TO_LIVE = -52;
    private static final int SOURCE_PORT = -56;

    private static final int UDP = 17;
    private static final int UDP_AND_NTP = 8 + 48;

    /** No request is longer; and a socket's frame, less what the kernel keeps before it, has room for 1792 octets. */
    private static final int LONGEST_FRAME = 1_600;

    private XdpProgram() {}

    /**
     * The program for one interface.
     *
     * @param mac its address, 48 bits
     * @param scope what it takes
     * @param maps where it finds what it asks for
     * @param mixing makes it hard to guess which ports, times to live and MAC addresses share a bucket
     * @param withoutSocket what becomes of a request whose queue has no socket: {@link #PASS}, but for tests
     */
    static ByteBuffer of(long mac, XdpScope scope, XdpMaps maps, int mixing, int withoutSocket) {
        BpfAssembler program = new BpfAssembler();
        findNetworkHeader(program, mac);
        checkIpv6(program, scope.ipv6PrefixBits());
        checkIpv4(program);
        program.label("port");
        for (int port : scope.ports()) {
            program.ifEqual(8, swap(port), "address");
        }
        program.jump("pass");
        program.label("address");
        if (maps.addresses() >= 0) {
            program.loadMap(1, maps.addresses()).move(2, 10).plus(2, -ADDRESS_BYTES);
            program.call(MAP_LOOKUP).ifEqual(0, 0, "pass");
        }
        if (maps.clients() >= 0) {
            measure(program, maps, mixing | 1);
        }
        stamp(program);
        program.loadMap(1, maps.sockets()).load(WORD, 2, 6, CONTEXT_QUEUE).set(3, withoutSocket);
        program.call(REDIRECT_MAP).exit();
        program.label("pass").set(0, PASS).exit();
        return program.assemble();
    }

    /** r6 context, r2 the frame, r3 its end, r7 the network header, r5 its type. */
    private static void findNetworkHeader(BpfAssembler program, long mac) {
        program.move(6, 1).load(WORD, 2, 6, CONTEXT_DATA).load(WORD, 3, 6, CONTEXT_END);
        program.move(4, 2).plus(4, 14).ifGreater(4, 3, "pass");
        program.move(4, 2).plus(4, LONGEST_FRAME).ifGreater(3, 4, "pass");
        program.load(WORD, 5, 2, 0).ifWordNotEqual(5, Integer.reverseBytes((int) (mac >>> 16)), "pass");
        program.load(HALF, 5, 2, 4).ifNotEqual(5, swap((int) mac & 0xffff), "pass");
        program.load(WORD, 5, 2, 8).store(WORD, 10, MAC_TAIL, 5);
        program.load(HALF, 5, 2, 12).move(7, 2).plus(7, 14).ifNotEqual(5, swap(0x8100), "network");
        program.move(4, 2).plus(4, 18).ifGreater(4, 3, "pass");
        // A tag that names a VLAN is for an interface above this one; none is served there.
        program.load(HALF, 5, 2, 14).ifAnyBit(5, swap(0x0fff), "pass");
        program.load(HALF, 5, 2, 16).move(7, 2).plus(7, 18);
        program.label("network").ifEqual(5, swap(0x0800), "ipv4").ifNotEqual(5, swap(0x86dd), "pass");
    }

    /** r8 becomes the destination's port, r9 the datagram's length; both addresses go on the stack. */
    private static void checkIpv6(BpfAssembler program, int prefixBits) {
        program.move(4, 7).plus(4, 40 + UDP_AND_NTP).ifGreater(4, 3, "pass");
        program.load(BYTE, 5, 7, 0).and(5, 0xf0).ifNotEqual(5, 0x60, "pass");
        program.load(BYTE, 5, 7, 6).ifNotEqual(5, UDP, "pass");
        program.load(DOUBLE, 5, 7, 24).store(DOUBLE, 10, -16, 5);
        program.load(DOUBLE, 5, 7, 32).store(DOUBLE, 10, -8, 5);
        storeMasked(program, 8, CLIENT, Math.min(prefixBits, 64));
        storeMasked(program, 16, CLIENT + 8, Math.max(prefixBits - 64, 0));
        program.load(BYTE, 5, 7, 7)
                .store(WORD, 10, TIME_TO_LIVE, 5)
                .load(HALF, 5, 7, 40)
                .store(WORD, 10, SOURCE_PORT, 5);
        program.load(HALF, 9, 7, 44).load(HALF, 8, 7, 42).jump("port");
    }

    /** Half of the source's address, as far as it tells clients apart. */
    private static void storeMasked(BpfAssembler program, int from, int to, int bits) {
        program.load(DOUBLE, 5, 7, from);
        if (bits < 64) {
            program.setLong(4, bits == 0 ? 0 : Long.reverseBytes(-1L << (64 - bits)))
                    .andRegister(5, 4);
        }
        program.store(DOUBLE, 10, to, 5);
    }

    private static void checkIpv4(BpfAssembler program) {
        program.label("ipv4").move(4, 7).plus(4, 20 + UDP_AND_NTP).ifGreater(4, 3, "pass");
        program.load(BYTE, 5, 7, 0).ifNotEqual(5, 0x45, "pass");
        // More fragments, or a fragment's offset.
        program.load(HALF, 5, 7, 6).ifAnyBit(5, swap(0x3fff), "pass");
        program.load(BYTE, 5, 7, 9).ifNotEqual(5, UDP, "pass");
        program.storeImmediate(DOUBLE, 10, -16, 0).storeImmediate(WORD, 10, -8, 0xffff_0000);
        program.load(WORD, 5, 7, 16).store(WORD, 10, -4, 5);
        program.storeImmediate(DOUBLE, 10, CLIENT, 0).storeImmediate(WORD, 10, CLIENT + 8, 0xffff_0000);
        program.load(WORD, 5, 7, 12).store(WORD, 10, CLIENT + 12, 5);
        program.load(BYTE, 5, 7, 8)
                .store(WORD, 10, TIME_TO_LIVE, 5)
                .load(HALF, 5, 7, 20)
                .store(WORD, 10, SOURCE_PORT, 5);
        program.load(HALF, 9, 7, 24).load(HALF, 8, 7, 22);
    }

    /** Drops the request when there is no room for it. r9 is the datagram's length. */
    private static void measure(BpfAssembler program, XdpMaps maps, int mixing) {
        program.storeImmediate(WORD, 10, CLIENT + ADDRESS_BYTES, 0).ifEqual(9, swap(UDP_AND_NTP), "asker");
        program.storeImmediate(WORD, 10, CLIENT + ADDRESS_BYTES, 1);
        program.label("asker").load(WORD, 1, 6, CONTEXT_QUEUE).store(WORD, 10, STRANGERS, 1);
        program.loadMap(1, maps.strangers()).move(2, 10).plus(2, STRANGERS).call(MAP_LOOKUP);
        program.ifEqual(0, 0, "measured").move(9, 0);
        program.load(DOUBLE, 1, 9, STRANGERS_COST).ifEqual(1, 0, "measured");
        program.call(KTIME_GET_NS).move(8, 0);
        program.loadMap(1, maps.clients()).move(2, 10).plus(2, CLIENT).call(MAP_LOOKUP);
        program.ifEqual(0, 0, "stranger");
        int trait = 0;
        for (int seen : new int[] {MAC_TAIL, TIME_TO_LIVE, SOURCE_PORT}) {
            // The buckets of a trait are in a row; its hash says which.
            program.load(WORD, 1, 10, seen).times(1, mixing).shiftRight(1, 16).and(1, FACES - 1);
            program.times(1, BUCKET_BYTES).move(7, 0).plusRegister(7, 1).plus(7, trait * FACES * BUCKET_BYTES);
            program.set(5, KNOWN_COST);
            take(program, 7, KNOWN_MOST, "trait" + ++trait);
            program.label("trait" + trait);
        }
        program.label("stranger").load(DOUBLE, 5, 9, STRANGERS_COST);
        take(program, 9, STRANGERS_MOST, "full");
        program.label("full").load(DOUBLE, 1, 9, STRANGERS_DROPPED).plus(1, 1);
        program.store(DOUBLE, 9, STRANGERS_DROPPED, 1).set(0, DROP).exit();
        program.label("measured");
    }

    /**
     * Takes r5 nanoseconds from the bucket that register {@code bucket} points to, and goes on to "measured"; else to {@code empty}. r8 is
     * now; another queue may have looked at the bucket a moment later.
     */
    private static void take(BpfAssembler program, int bucket, int most, String empty) {
        String within = "within before " + empty;
        String filled = "filled before " + empty;
        program.load(DOUBLE, 1, bucket, 0).load(DOUBLE, 2, bucket, 8).ifGreater(1, 8, filled);
        program.move(3, 8)
                .minusRegister(3, 1)
                .plusRegister(2, 3)
                .store(DOUBLE, bucket, 0, 8)
                .label(filled);
        program.set(4, most).ifGreater(4, 2, within).move(2, 4);
        program.label(within).store(DOUBLE, bucket, 8, 2).ifGreater(5, 2, empty);
        program.minusRegister(2, 5).store(DOUBLE, bucket, 8, 2).jump("measured");
    }

    private static void stamp(BpfAssembler program) {
        program.move(1, 6).set(2, -STAMP_BYTES).call(ADJUST_META).ifNotEqual(0, 0, "pass");
        program.call(KTIME_GET_TAI);
        program.load(WORD, 2, 6, CONTEXT_META).load(WORD, 3, 6, CONTEXT_DATA);
        program.move(4, 2).plus(4, STAMP_BYTES).ifGreater(4, 3, "pass");
        program.store(DOUBLE, 2, 0, 0);
    }

    private static int swap(int half) {
        return (half & 0xff) << 8 | half >>> 8;
    }
}
