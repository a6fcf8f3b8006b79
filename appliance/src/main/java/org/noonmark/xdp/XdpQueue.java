package org.noonmark.xdp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.noonmark.linux.LinuxTime;

/**
 * An AF_XDP socket bound to one queue of a card, as it is: memory for frames that is shared with the kernel, and four rings that say whose
 * each frame is. Frames are named by where they start in {@link #frames}. Nothing is allocated after opening. Used by one thread, except
 * {@link #wake}.
 */
public final class XdpQueue implements AutoCloseable {
    /** Frames in the memory, and entries in each ring. */
    public static final int FRAMES = 2048;

    /** Octets of a frame's place. */
    public static final int FRAME_BYTES = 2048;

    private static final long MEMORY = (long) FRAMES * FRAME_BYTES;
    private static final int AF_XDP = 44;
    private static final int SOL_XDP = 283;
    private static final int XDP_MMAP_OFFSETS = 1;
    private static final int XDP_RX_RING = 2;
    private static final int XDP_TX_RING = 3;
    private static final int XDP_UMEM_REG = 4;
    private static final int XDP_UMEM_FILL_RING = 5;
    private static final int XDP_UMEM_COMPLETION_RING = 6;
    private static final int XDP_OPTIONS = 8;
    private static final int XDP_OPTIONS_ZEROCOPY = 1;
    private static final int XDP_USE_NEED_WAKEUP = 8;
    private static final int OFFSETS = 128;
    private static final long PAGE_RX = 0;
    private static final long PAGE_TX = 0x8000_0000L;
    private static final long PAGE_FILL = 0x1_0000_0000L;
    private static final long PAGE_COMPLETION = 0x1_8000_0000L;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final short POLLIN = 1;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    /** The kernel takes at most 32 frames a call; a card whose own queue is full takes none for a while. */
    private static final int MAX_KICKS = 64;

    private static final int MOST_BINDS = 40;
    private static final long BIND_PAUSE_NANOS = 50_000_000;

    private final int number;
    private final int fd;
    private final int wakeFd;
    private final long memory;
    private final ByteBuffer frames;
    /** The same memory as the machine reads it, for the program's stamps. */
    private final ByteBuffer stamps;

    private final XdpRing received;
    private final XdpRing sent;
    private final XdpRing empty;
    private final XdpRing done;
    private final ByteBuffer pollfds = XdpCalls.direct(16);
    private final long pollfdsAddress = XdpCalls.address(pollfds);
    private long taiLeadNanos;
    private int emptied;
    private int filledForSending;
    private final int[] left = new int[FRAMES];
    /** Whether the kernel has the frame for sending: one that it gives back otherwise would be two requests' at a time. */
    private final boolean[] leaving = new boolean[FRAMES];
    /** Whether the kernel copies frames, in calls of ours alone; else the driver takes them from here, whenever it likes. */
    private boolean copies;

    private volatile boolean woken;
    private boolean closed;

    private XdpQueue(int number, int fd, int wakeFd, long memory, List<XdpRing> rings) {
        this.number = number;
        this.fd = fd;
        this.wakeFd = wakeFd;
        this.memory = memory;
        this.stamps = XdpRing.view(memory, MEMORY);
        this.frames = stamps.duplicate().order(ByteOrder.BIG_ENDIAN);
        this.received = rings.get(0);
        this.sent = rings.get(1);
        this.empty = rings.get(2);
        this.done = rings.get(3);
        pollfds.putInt(0, fd).putShort(4, POLLIN).putInt(8, wakeFd).putShort(12, POLLIN);
    }

    /**
     * Gives a socket its memory and binds it; frames come once it is in a program's map.
     *
     * @param fd of an AF_XDP socket, which is closed with the queue, and when this fails
     * @param framesToFill how many of the frames, from the first, the kernel may fill; the others are the caller's to send
     */
    static XdpQueue open(int fd, int interfaceIndex, int queue, int framesToFill) throws XdpException {
        int wakeFd = XdpCalls.eventfd(0, EFD_CLOEXEC);
        long memory = -1;
        List<XdpRing> rings = new ArrayList<>();
        try {
            check(wakeFd, "an event");
            memory = memory(MEMORY);
            share(fd, memory, rings);
            XdpQueue opened = new XdpQueue(queue, fd, wakeFd, memory, rings);
            for (int i = 0; i < framesToFill; i++) {
                opened.fill(i * FRAME_BYTES);
            }
            opened.flushEmpty();
            bind(fd, interfaceIndex, queue);
            opened.copies = !isZeroCopy(fd);
            return opened;
        } catch (XdpException refused) {
            rings.forEach(XdpRing::close);
            XdpCalls.close(fd);
            XdpCalls.close(wakeFd);
            XdpCalls.munmap(memory, MEMORY);
            throw refused;
        }
    }

    /** With rings whose other side is played, and no socket. */
    static XdpQueue played(List<XdpRing> rings) throws XdpException {
        XdpQueue queue = new XdpQueue(0, -1, -1, memory(MEMORY), rings);
        for (int i = 0; i < FRAMES / 2; i++) {
            queue.fill(i * FRAME_BYTES);
        }
        queue.flushEmpty();
        queue.copies = true;
        return queue;
    }

    /** So many octets of the machine's memory, for this process alone. */
    static long memory(long bytes) throws XdpException {
        long memory = XdpCalls.mmap(0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
        if (memory == -1) {
            throw XdpException.of("memory for frames", XdpCalls.errno());
        }
        return memory;
    }

    private static void share(int fd, long memory, List<XdpRing> rings) throws XdpException {
        ByteBuffer area =
                XdpCalls.direct(32).putLong(0, memory).putLong(8, MEMORY).putInt(16, FRAME_BYTES);
        option(fd, XDP_UMEM_REG, area, 32);
        ByteBuffer size = XdpCalls.direct(4).putInt(0, FRAMES);
        for (int ring : new int[] {XDP_UMEM_FILL_RING, XDP_UMEM_COMPLETION_RING, XDP_RX_RING, XDP_TX_RING}) {
            option(fd, ring, size, 4);
        }
        ByteBuffer offsets = XdpCalls.direct(OFFSETS);
        ByteBuffer length = XdpCalls.direct(4).putInt(0, OFFSETS);
        check(XdpCalls.getsockopt(fd, SOL_XDP, XDP_MMAP_OFFSETS, offsets, length), "the rings' places");
        rings.add(XdpRing.map(fd, offsets, 0, PAGE_RX, FRAMES, 16));
        rings.add(XdpRing.map(fd, offsets, 32, PAGE_TX, FRAMES, 16));
        rings.add(XdpRing.map(fd, offsets, 64, PAGE_FILL, FRAMES, 8));
        rings.add(XdpRing.map(fd, offsets, 96, PAGE_COMPLETION, FRAMES, 8));
    }

    /** A queue whose last socket was closed just now, by a process that ended or a trial, is free a moment later. */
    private static void bind(int fd, int interfaceIndex, int queue) throws XdpException {
        ByteBuffer address = XdpCalls.direct(16)
                .putShort(0, (short) AF_XDP)
                .putShort(2, (short) XDP_USE_NEED_WAKEUP)
                .putInt(4, interfaceIndex)
                .putInt(8, queue);
        for (int attempt = 1; XdpCalls.bind(fd, address, 16) < 0; attempt++) {
            int errno = XdpCalls.errno();
            if (errno != XdpCalls.EBUSY || attempt == MOST_BINDS) {
                throw XdpException.of("queue " + queue, errno);
            }
            LockSupport.parkNanos(BIND_PAUSE_NANOS);
        }
    }

    private static boolean isZeroCopy(int fd) {
        ByteBuffer flags = XdpCalls.direct(4);
        XdpCalls.getsockopt(fd, SOL_XDP, XDP_OPTIONS, flags, XdpCalls.direct(4).putInt(0, 4));
        return (flags.getInt(0) & XDP_OPTIONS_ZEROCOPY) != 0;
    }

    /** The card's number of it, from 0. */
    int number() {
        return number;
    }

    /** Whether the kernel copies frames, and {@link #flush} returns when they have left. */
    boolean copies() {
        return copies;
    }

    /** The frames' memory, big-endian. */
    public ByteBuffer frames() {
        return frames;
    }

    /**
     * Hands what was given to {@link #fill} to the kernel, and waits for frames.
     *
     * @return how many are there, for {@link #start} and {@link #length}; 0 when none came or it was woken
     */
    public int await(int milliseconds) {
        flushEmpty();
        int there = received.filled();
        if (there == 0 && milliseconds > 0 && !woken) {
            XdpCalls.poll(pollfdsAddress, 2, milliseconds);
            there = received.filled();
        }
        if (there > 0) {
            // Whole seconds, which change with the kernel's count of leap seconds only.
            long difference = LinuxTime.taiNanos() - LinuxTime.realtimeNanos();
            taiLeadNanos = Math.floorDiv(difference + NANOS_PER_SECOND / 2, NANOS_PER_SECOND) * NANOS_PER_SECOND;
        }
        return woken ? 0 : there;
    }

    /** Where the {@code ahead}-th of the frames that {@link #await} counted starts. */
    public int start(int ahead) {
        return (int) received.address(ahead);
    }

    /** Octets of that frame. */
    public int length(int ahead) {
        return received.length(ahead);
    }

    /**
     * When the program took the frame that starts there: CLOCK_REALTIME, nanoseconds since 1970. A stamp from before the kernel was told
     * another count of leap seconds is whole seconds off.
     */
    public long stampNanos(int start) {
        return stamps.getLong(start - XdpProgram.STAMP_BYTES) - taiLeadNanos;
    }

    /** Takes the first {@code count} of those frames off their ring: they are the caller's now. */
    public void take(int count) {
        received.consume(count);
    }

    /** Gives the frame at {@code start} back to be filled, at the next {@link #await}. */
    public void fill(int start) {
        empty.set(emptied++, start & -FRAME_BYTES);
    }

    /** Puts a frame in the order of sending; {@link #flush} sends. */
    public void send(int start, int length) {
        sent.set(filledForSending++, start, length);
        leaving[start / FRAME_BYTES] = true;
    }

    /**
     * Has the kernel send. The frames stay the kernel's until {@link #countLeft} gives them back.
     *
     * @return how many of those that were put in the order since the last call, counted from the last, may not have left: a card that is busy
     *     or down takes them with a later call, or has dropped them
     */
    public int flush() {
        int now = filledForSending;
        sent.produce(now);
        filledForSending = 0;
        if (!sent.needsWakeUp()) {
            return 0;
        }
        for (int kicks = 0; kicks < MAX_KICKS && sent.pending() > 0; kicks++) {
            XdpCalls.kick(fd);
        }
        return Math.min(now, sent.pending());
    }

    /** Takes what the kernel gives back; how many frames have left since the last time, for {@link #left}. */
    public int countLeft() {
        int entries = done.filled();
        int back = 0;
        for (int i = 0; i < entries; i++) {
            int start = (int) done.address(i);
            if (leaving[start / FRAME_BYTES]) {
                leaving[start / FRAME_BYTES] = false;
                left[back++] = start;
            }
        }
        if (entries > 0) {
            done.consume(entries);
        }
        return back;
    }

    /** Where the {@code i}-th of the frames that the last {@link #countLeft} counted starts: the caller's again. */
    public int left(int i) {
        return left[i];
    }

    /** Ends the wait of {@link #await} now and for ever; the only method for other threads. */
    public void wake() {
        woken = true;
        XdpCalls.write(wakeFd, XdpCalls.direct(8).putLong(0, 1), 8);
    }

    /** To be called when no thread uses it any more; a second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            received.close();
            sent.close();
            empty.close();
            done.close();
            XdpCalls.close(fd);
            XdpCalls.close(wakeFd);
            XdpCalls.munmap(memory, MEMORY);
        }
    }

    private void flushEmpty() {
        if (emptied > 0) {
            empty.produce(emptied);
            emptied = 0;
        }
    }

    private static void option(int fd, int name, ByteBuffer value, int length) throws XdpException {
        check(XdpCalls.setsockopt(fd, SOL_XDP, name, value, length), "option " + name + " of an AF_XDP socket");
    }

    private static int check(int result, String what) throws XdpException {
        if (result < 0) {
            throw XdpException.of(what, XdpCalls.errno());
        }
        return result;
    }
}
