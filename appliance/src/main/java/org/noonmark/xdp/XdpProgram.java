package org.noonmark.xdp;

import static org.noonmark.xdp.BpfAssembler.Size.BYTE;
import static org.noonmark.xdp.BpfAssembler.Size.DOUBLE;
import static org.noonmark.xdp.BpfAssembler.Size.HALF;
import static org.noonmark.xdp.BpfAssembler.Size.WORD;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The program that the driver runs for each frame. It takes what is surely a request to us: to this card's own MAC and one of this
 * machine's addresses, a whole UDP datagram for one of the ports, with room for an NTP header, over plain IPv4 or IPv6, without a VLAN. It stamps it with CLOCK_TAI, in the eight octets before the frame, and hands it to the socket of its queue. All else, and
 * all when no socket is there, goes on to the kernel: multicast, fragments, options, extension headers, what is too short.
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

    private static final int MAP_LOOKUP = 1;
    private static final int REDIRECT_MAP = 51;
    private static final int ADJUST_META = 54;
    private static final int KTIME_GET_TAI = 208;

    private static final int CONTEXT_DATA = 0;
    private static final int CONTEXT_END = 4;
    private static final int CONTEXT_META = 8;
    private static final int CONTEXT_QUEUE = 16;

    private static final int UDP = 17;
    private static final int UDP_AND_NTP = 8 + 48;

    /** No request is longer; and a socket's frame, less what the kernel keeps before it, has room for 1792 octets. */
    private static final int LONGEST_FRAME = 1_600;

    private XdpProgram() {}

    /**
     * The program for one interface.
     *
     * @param mac its address, 48 bits
     * @param ports UDP ports of ours
     * @param socketsMap map from queue to socket
     * @param addressesMap map whose keys are the machine's addresses; -1 takes what is for any address
     * @param withoutSocket what becomes of a request whose queue has no socket: {@link #PASS}, but for tests
     */
    static ByteBuffer of(long mac, List<Integer> ports, int socketsMap, int addressesMap, int withoutSocket) {
        BpfAssembler program = new BpfAssembler();
        findNetworkHeader(program, mac);
        checkIpv6(program);
        checkIpv4(program);
        program.label("port");
        for (int port : ports) {
            program.ifEqual(8, swap(port), "address");
        }
        program.jump("pass");
        program.label("address");
        if (addressesMap >= 0) {
            program.loadMap(1, addressesMap).move(2, 10).plus(2, -ADDRESS_BYTES);
            program.call(MAP_LOOKUP).ifEqual(0, 0, "pass");
        }
        stamp(program);
        program.loadMap(1, socketsMap).load(WORD, 2, 6, CONTEXT_QUEUE).set(3, withoutSocket);
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
        program.load(HALF, 5, 2, 12).move(7, 2).plus(7, 14).ifNotEqual(5, swap(0x8100), "network");
        program.move(4, 2).plus(4, 18).ifGreater(4, 3, "pass");
        // A tag that names a VLAN is for an interface above this one; none is served there.
        program.load(HALF, 5, 2, 14).ifAnyBit(5, swap(0x0fff), "pass");
        program.load(HALF, 5, 2, 16).move(7, 2).plus(7, 18);
        program.label("network").ifEqual(5, swap(0x0800), "ipv4").ifNotEqual(5, swap(0x86dd), "pass");
    }

    /** r8 becomes the destination's port; its address goes on the stack. */
    private static void checkIpv6(BpfAssembler program) {
        program.move(4, 7).plus(4, 40 + UDP_AND_NTP).ifGreater(4, 3, "pass");
        program.load(BYTE, 5, 7, 0).and(5, 0xf0).ifNotEqual(5, 0x60, "pass");
        program.load(BYTE, 5, 7, 6).ifNotEqual(5, UDP, "pass");
        program.load(DOUBLE, 5, 7, 24).store(DOUBLE, 10, -16, 5);
        program.load(DOUBLE, 5, 7, 32).store(DOUBLE, 10, -8, 5);
        program.load(HALF, 8, 7, 42).jump("port");
    }

    private static void checkIpv4(BpfAssembler program) {
        program.label("ipv4").move(4, 7).plus(4, 20 + UDP_AND_NTP).ifGreater(4, 3, "pass");
        program.load(BYTE, 5, 7, 0).ifNotEqual(5, 0x45, "pass");
        // More fragments, or a fragment's offset.
        program.load(HALF, 5, 7, 6).ifAnyBit(5, swap(0x3fff), "pass");
        program.load(BYTE, 5, 7, 9).ifNotEqual(5, UDP, "pass");
        program.storeImmediate(DOUBLE, 10, -16, 0).storeImmediate(WORD, 10, -8, 0xffff_0000);
        program.load(WORD, 5, 7, 16).store(WORD, 10, -4, 5);
        program.load(HALF, 8, 7, 22);
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
