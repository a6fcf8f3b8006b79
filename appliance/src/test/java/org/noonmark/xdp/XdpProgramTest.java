package org.noonmark.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The program as the kernel's verifier takes it and the kernel runs it: what it would give to the socket, and what goes on. */
class XdpProgramTest {
    private static final long MAC = 0xdca6_3201_0203L;
    private static final int TAKEN = XdpProgram.DROP;
    private static final int XDP_TX = 3;
    private static final byte[] IPV4 = {10, 1, 2, 3};
    private static final byte[] IPV6 = HexFormat.of().parseHex("fd000000000000000000000000000001");

    private static final int MIXING = 0x2545_f491;

    private XdpMaps maps = new XdpMaps(XdpMaps.NONE, XdpMaps.NONE, XdpMaps.NONE, XdpMaps.NONE);
    private int program;

    @BeforeEach
    void load() throws XdpException {
        try {
            maps = new XdpMaps(Bpf.socketMap(1), Bpf.addressMap(8), Bpf.clientMap(8), Bpf.strangersMap(1));
        } catch (XdpException refused) {
            assumeTrue(false, refused.getMessage());
        }
        load(128, TAKEN);
        Bpf.put(maps.addresses(), key(HexFormat.of().parseHex("00000000000000000000ffff"), IPV4), 1);
        Bpf.put(maps.addresses(), key(new byte[0], IPV6), 1);
    }

    private void load(int ipv6PrefixBits, int action) throws XdpException {
        XdpScope scope = new XdpScope(List.of(123, 11_123), ipv6PrefixBits, 4);
        program = Bpf.load(XdpProgram.of(MAC, scope, maps, MIXING, action));
    }

    @AfterEach
    void close() {
        XdpCalls.close(program);
        maps.all().forEach(XdpCalls::close);
    }

    @Test
    void requestsToOurPortsAreTaken() throws XdpException {
        assertEquals(TAKEN, run(ipv4()));
        assertEquals(TAKEN, run(ipv6()));
        assertEquals(
                TAKEN, run(changed(tagged(ipv4()), f -> f.putShort(14, (short) 0xe000))), "a priority, and no VLAN");
        assertEquals(
                TAKEN, run(changed(tagged(ipv6()), f -> f.putShort(14, (short) 0xe000))), "a priority, and no VLAN");
        assertEquals(TAKEN, run(changed(ipv4(), f -> f.putShort(36, (short) 11_123))));
    }

    @Test
    void whatIsForOthersGoesOn() throws XdpException {
        passes("another port", ipv4(), f -> f.putShort(36, (short) 124));
        passes("another port", ipv6(), f -> f.putShort(56, (short) 124));
        passes("another MAC", ipv4(), f -> f.put(5, (byte) 9));
        passes("another MAC", ipv4(), f -> f.put(0, (byte) 9));
        passes("broadcast", ipv4(), f -> f.putInt(0, -1).putShort(4, (short) -1));
        passes("another address", ipv4(), f -> f.put(33, (byte) 4));
        passes("another address", ipv6(), f -> f.put(53, (byte) 2));
    }

    @Test
    void whatIsOddGoesOn() throws XdpException {
        passes("TCP", ipv4(), f -> f.put(23, (byte) 6));
        passes("ICMPv6", ipv6(), f -> f.put(20, (byte) 58));
        passes("an extension header", ipv6(), f -> f.put(20, (byte) 0));
        passes("options", ipv4(), f -> f.put(14, (byte) 0x46));
        passes("the first fragment", ipv4(), f -> f.putShort(20, (short) 0x2000));
        passes("the last fragment", ipv4(), f -> f.putShort(20, (short) 1));
        passes("ARP", ipv4(), f -> f.putShort(12, (short) 0x0806));
        passes("a VLAN", tagged(ipv4()), f -> {});
        passes("a VLAN", tagged(ipv6()), f -> f.putShort(14, (short) 0x0100));
        passes("a jumbo frame", ByteBuffer.allocateDirect(1_601).put(0, ipv4(), 0, 90), f -> {});
        passes("two tags", tagged(tagged(ipv4())), f -> {});
        passes("IPv6 by its type alone", ipv4(), f -> f.putShort(12, (short) 0x86dd));
    }

    @Test
    void whatIsTooShortGoesOn() throws XdpException {
        for (ByteBuffer whole : List.of(ipv4(), ipv6())) {
            for (int length = 14; length < whole.limit(); length++) {
                ByteBuffer cut = whole.duplicate().limit(length).slice();
                assertEquals(XdpProgram.PASS, run(cut), length + " of " + whole.limit());
            }
        }
    }

    /** Those that are taken are told from those that are dropped by another action. */
    @Test
    void inAFloodStrangersShareABucketAndEachKnownClientHasItsOwn() throws XdpException {
        measure(128);
        assertEquals(100, taken(ipv4(), 100), "no limit is set");
        setStrangersCost(1_000_000_000);
        assertEquals(0, taken(ipv4(), 100), "their bucket holds less than one");
        assertEquals(100, dropped());
        for (ByteBuffer known : List.of(from(ipv4(), 26, 0x0a01_0909), from(ipv6(), 22, 0xfd00_0007))) {
            assertEquals(0, taken(known, 10));
            know(known, 0);
            int some = taken(known, 1_000);
            assertTrue(some >= 48 && some < 600, "of buckets of 16 that fill meanwhile: " + some);
            ByteBuffer withMac = withMac(known);
            assertEquals(0, taken(withMac, 10), "a stranger's, as long as it is not named");
            know(known, 1);
            assertEquals(10, taken(withMac, 10), "whoever forges the address without a MAC does not use this up");
        }
        assertEquals(0, taken(ipv4(), 100));
        setStrangersCost(0);
        assertEquals(100, taken(ipv4(), 100));
    }

    /** Whoever forges its address uses up only what looks like his requests. */
    @Test
    void aKnownClientIsToldFromItsForgersByPortTimeToLiveAndMac() throws XdpException {
        measure(128);
        setStrangersCost(1_000_000_000);
        for (ByteBuffer known : List.of(from(ipv4(), 26, 0x0a01_0909), from(ipv6(), 22, 0xfd00_0007))) {
            boolean ipv4 = known.getShort(12) == 0x0800;
            know(known, 0);
            useUp(known);
            assertTrue(hasItsOwnBucket(known, f -> f.putShort(ipv4 ? 34 : 54, (short) 7)), "another port");
            useUp(known);
            assertTrue(hasItsOwnBucket(known, f -> f.put(ipv4 ? 22 : 21, (byte) 57)), "another time to live");
            useUp(known);
            assertTrue(hasItsOwnBucket(known, f -> f.putInt(8, 0x1234_5678)), "another MAC address");
        }
    }

    @Test
    void neighboursInAnIpv6PrefixAreOneClient() throws XdpException {
        measure(64);
        setStrangersCost(1_000_000_000);
        ByteBuffer known = from(ipv6(), 22, 0xfd00_0007);
        know(known, 0);
        assertEquals(10, taken(changed(known, f -> f.putLong(30, 0x1234)), 10));
        assertEquals(0, taken(changed(known, f -> f.put(29, (byte) 1)), 10), "of another prefix");
    }

    private void measure(int ipv6PrefixBits) throws XdpException {
        XdpCalls.close(program);
        load(ipv6PrefixBits, XDP_TX);
    }

    private void know(ByteBuffer frame, int withMac) throws XdpException {
        Bpf.put(maps.clients(), clientKey(frame, withMac), XdpCalls.direct(XdpProgram.BUCKETS_BYTES));
    }

    private void useUp(ByteBuffer frame) throws XdpException {
        for (int tries = 0; tries < 1_000 && run(frame) == XDP_TX; tries++) {}
    }

    private boolean hasItsOwnBucket(ByteBuffer frame, Consumer<ByteBuffer> change) throws XdpException {
        ByteBuffer other = ByteBuffer.allocateDirect(frame.limit()).put(0, frame, 0, frame.limit());
        return taken(changed(other, change), 8) == 8;
    }

    private int taken(ByteBuffer frame, int times) throws XdpException {
        int taken = 0;
        for (int i = 0; i < times; i++) {
            taken += run(frame) == XDP_TX ? 1 : 0;
        }
        return taken;
    }

    private void setStrangersCost(long nanos) throws XdpException {
        ByteBuffer bucket = XdpCalls.direct(XdpProgram.STRANGERS_BYTES);
        Bpf.get(maps.strangers(), XdpCalls.direct(4), bucket);
        Bpf.put(maps.strangers(), XdpCalls.direct(4), bucket.putLong(XdpProgram.STRANGERS_COST, nanos));
    }

    private long dropped() throws XdpException {
        ByteBuffer bucket = XdpCalls.direct(XdpProgram.STRANGERS_BYTES);
        Bpf.get(maps.strangers(), XdpCalls.direct(4), bucket);
        return bucket.getLong(XdpProgram.STRANGERS_DROPPED);
    }

    private static ByteBuffer from(ByteBuffer frame, int at, int address) {
        return frame.putInt(at, address);
    }

    /** The frame's source, mapped, and whether requests with a MAC are meant. */
    private static ByteBuffer clientKey(ByteBuffer frame, int withMac) {
        ByteBuffer key = XdpCalls.direct(XdpProgram.CLIENT_BYTES).putInt(16, withMac);
        if (frame.getShort(12) == 0x0800) {
            return key.put(10, (byte) -1).put(11, (byte) -1).put(12, frame, 26, 4);
        }
        return key.put(0, frame, 22, 16);
    }

    /** The same datagram, longer by a MAC of 20 octets. */
    private static ByteBuffer withMac(ByteBuffer plain) {
        boolean ipv4 = plain.getShort(12) == 0x0800;
        ByteBuffer longer = ByteBuffer.allocateDirect(plain.limit() + 20).put(0, plain, 0, plain.limit());
        return longer.putShort(ipv4 ? 38 : 58, (short) (8 + 48 + 20));
    }

    /** The flag "do not fragment" is no fragment. */
    @Test
    void aDatagramThatMayNotBeFragmentedIsTaken() throws XdpException {
        assertEquals(TAKEN, run(changed(ipv4(), f -> f.putShort(20, (short) 0x4000))));
    }

    private void passes(String what, ByteBuffer frame, Consumer<ByteBuffer> change) throws XdpException {
        assertEquals(XdpProgram.PASS, run(changed(frame, change)), what);
    }

    private int run(ByteBuffer frame) throws XdpException {
        return Bpf.run(program, frame);
    }

    private static ByteBuffer changed(ByteBuffer frame, Consumer<ByteBuffer> change) {
        change.accept(frame);
        return frame;
    }

    private static ByteBuffer ipv4() {
        return ethernet(0x0800, 20 + 8 + 48)
                .put(14, (byte) 0x45)
                .putShort(16, (short) (20 + 8 + 48))
                .put(23, (byte) 17)
                .put(30, IPV4)
                .putShort(36, (short) 123)
                .putShort(38, (short) (8 + 48));
    }

    private static ByteBuffer ipv6() {
        return ethernet(0x86dd, 40 + 8 + 48)
                .put(14, (byte) 0x60)
                .putShort(18, (short) (8 + 48))
                .put(20, (byte) 17)
                .put(38, IPV6)
                .putShort(56, (short) 123)
                .putShort(58, (short) (8 + 48));
    }

    private static ByteBuffer ethernet(int type, int payload) {
        return ByteBuffer.allocateDirect(14 + payload).putLong(0, MAC << 16).putShort(12, (short) type);
    }

    private static ByteBuffer tagged(ByteBuffer plain) {
        return ByteBuffer.allocateDirect(plain.limit() + 4)
                .put(0, plain, 0, 12)
                .putInt(12, 0x8100_0007)
                .put(16, plain, 12, plain.limit() - 12);
    }

    private static ByteBuffer key(byte[] prefix, byte[] address) {
        return ByteBuffer.allocateDirect(16).put(prefix).put(address).clear();
    }
}
