package org.noonmark.xdp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.noonmark.linux.Datagrams;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.Rehearsal;

/** {@link XdpSocket} over memory of its own; the kernel's side of the rings is played, and requests come by IPv4 and IPv6 in turns. */
public final class XdpRehearsal implements Rehearsal {
    /** Of a ring: struct xdp_ring_offset as it is laid out here. */
    private static final int PRODUCER = 0;

    private static final int CONSUMER = 64;
    private static final int FLAGS = 128;
    private static final int ENTRIES = 192;

    /** What the kernel leaves before a frame. */
    private static final int HEADROOM = 256;

    private static final int ETHERNET = 14;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;
    private static final int SERVICE_PORT = 123;
    private static final int CLIENT_PORT = 40_123;

    private static final FloodGate OPEN = new FloodGate() {
        @Override
        public void prefer(long high, long low) {}

        @Override
        public void forget(long high, long low) {}

        @Override
        public void limitStrangers(int queue, double perSecond) {}

        @Override
        public long dropped(int queue) {
            return 0;
        }
    };

    /** The kernel's side of a ring. */
    private static final class Side {
        private final ByteBuffer memory;
        private final int entryBytes;

        Side(int entryBytes) throws XdpException {
            this.entryBytes = entryBytes;
            long bytes = ENTRIES + (long) XdpQueue.FRAMES * entryBytes;
            memory = XdpRing.view(XdpQueue.memory(bytes), bytes);
        }

        XdpRing ring() {
            ByteBuffer places = XdpCalls.direct(32)
                    .putLong(0, PRODUCER)
                    .putLong(8, CONSUMER)
                    .putLong(16, ENTRIES)
                    .putLong(24, FLAGS);
            return new XdpRing(memory, XdpCalls.address(memory), places, 0, XdpQueue.FRAMES, entryBytes);
        }

        int filled() {
            return memory.getInt(PRODUCER) - memory.getInt(CONSUMER);
        }

        /** Takes the oldest entry: where its frame starts. */
        long take() {
            int consumer = memory.getInt(CONSUMER);
            memory.putInt(CONSUMER, consumer + 1);
            return memory.getLong(at(consumer));
        }

        void put(long frameAddress, int length) {
            int producer = memory.getInt(PRODUCER);
            memory.putLong(at(producer), frameAddress);
            if (entryBytes > Long.BYTES) {
                memory.putInt(at(producer) + Long.BYTES, length);
            }
            memory.putInt(PRODUCER, producer + 1);
        }

        private int at(int index) {
            return ENTRIES + (index & XdpQueue.FRAMES - 1) * entryBytes;
        }
    }

    private final Side received;
    private final Side sent;
    private final Side empty;
    private final Side done;
    private final XdpSocket socket;
    private final ByteBuffer frames;
    private final UdpFrame frame = new UdpFrame();
    private final int[] starts = new int[Datagrams.SLOTS];
    private final int[] lengths = new int[Datagrams.SLOTS];

    private XdpRehearsal(Side received, Side sent, Side empty, Side done, XdpQueue queue) {
        this.received = received;
        this.sent = sent;
        this.empty = empty;
        this.done = done;
        this.socket = new XdpSocket(OPEN, queue);
        this.frames = queue.frames();
    }

    /**
     * Makes one.
     *
     * @throws XdpException when there is no memory for it
     */
    public static XdpRehearsal open() throws XdpException {
        Side received = new Side(16);
        Side sent = new Side(16);
        Side empty = new Side(8);
        Side done = new Side(8);
        XdpQueue queue = XdpQueue.played(List.of(received.ring(), sent.ring(), empty.ring(), done.ring()));
        return new XdpRehearsal(received, sent, empty, done, queue);
    }

    @Override
    public Datagrams way() {
        return socket;
    }

    /** As many frames as the kernel has been given. */
    @Override
    public void begin() {
        for (int slot = 0; slot < Datagrams.SLOTS; slot++) {
            starts[slot] = empty.filled() > 0 ? (int) empty.take() + HEADROOM : starts[slot];
        }
    }

    @Override
    public ByteBuffer packets() {
        return frames;
    }

    @Override
    public int packetStart(int slot) {
        return starts[slot] + ETHERNET + (isIpv6(slot) ? IPV6_HEADER : IPV4_HEADER) + UDP_HEADER;
    }

    private static boolean isIpv6(int slot) {
        return slot % 2 == 1;
    }

    /** Written as the answer to a request of the server's would be. */
    @Override
    public void ask(int slot, int length) {
        int start = starts[slot];
        frames.putLong(start, 0x0200_0000_0002_0200L).putInt(start + 8, 1);
        frames.putShort(start + 12, (short) (isIpv6(slot) ? 0x86dd : 0x0800));
        int ip = start + ETHERNET;
        int udp = packetStart(slot) - UDP_HEADER;
        if (isIpv6(slot)) {
            // 2001:db8::/32 and 192.0.2.0/24 are for examples.
            frames.putLong(ip + 8, 0x2001_0db8_0000_0000L).putLong(ip + 16, 1);
            frames.putLong(ip + 24, 0x2001_0db8_0000_0000L).putLong(ip + 32, 2 + slot);
        } else {
            frames.putInt(ip + 12, 0xc000_0201).putInt(ip + 16, 0xc000_0202 + slot);
        }
        frames.putShort(udp, (short) SERVICE_PORT).putShort(udp + 2, (short) CLIENT_PORT);
        frame.wrapGood(frames, start, packetStart(slot), isIpv6(slot));
        lengths[slot] = frame.turn(length);
        frame.seal();
    }

    @Override
    public void deliver(int requests) {
        ByteBuffer stamps = frames.duplicate().order(ByteOrder.nativeOrder());
        for (int slot = 0; slot < requests; slot++) {
            stamps.putLong(starts[slot] - XdpProgram.STAMP_BYTES, LinuxTime.taiNanos());
            received.put(starts[slot], lengths[slot]);
        }
    }

    @Override
    public int hear() {
        int answers = sent.filled();
        for (int i = 0; i < answers; i++) {
            done.put(sent.take(), 0);
        }
        return answers;
    }

    @Override
    public void close() {
        socket.close();
    }
}
