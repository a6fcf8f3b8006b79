package org.noonmark.xdp;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One of the rings that an AF_XDP socket shares with the kernel: one side produces entries, the other consumes them. Indices count up
 * for ever and wrap as 32-bit numbers. Used by one thread.
 */
final class XdpRing {
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int NEED_WAKEUP = 1;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED_POPULATE = 0x8001;

    private final ByteBuffer memory;
    private final long address;
    private final int producer;
    private final int consumer;
    private final int flags;
    private final int entries;
    private final int entryBytes;
    private final int mask;
    /** Our own index: of the next entry to produce, or to consume. */
    private int mine;

    /** A ring in memory that is shared with the kernel; its four numbers stand at {@code offsetsAt} of struct xdp_mmap_offsets. */
    XdpRing(ByteBuffer memory, long address, ByteBuffer offsets, int offsetsAt, int size, int entryBytes) {
        this.memory = memory;
        this.address = address;
        this.producer = (int) offsets.getLong(offsetsAt);
        this.consumer = (int) offsets.getLong(offsetsAt + 8);
        this.entries = (int) offsets.getLong(offsetsAt + 16);
        this.flags = (int) offsets.getLong(offsetsAt + 24);
        this.entryBytes = entryBytes;
        this.mask = size - 1;
    }

    /**
     * Maps a ring.
     *
     * @param offsets struct xdp_mmap_offsets as the kernel gave it; the ring's four numbers are at {@code offsetsAt}
     * @param pageOffset which ring, as mmap's offset
     * @param size entries, a power of two
     */
    static XdpRing map(int fd, ByteBuffer offsets, int offsetsAt, long pageOffset, int size, int entryBytes)
            throws XdpException {
        long bytes = offsets.getLong(offsetsAt + 16) + (long) size * entryBytes;
        long address = XdpCalls.mmap(0, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, pageOffset);
        if (address == -1) {
            throw XdpException.of("memory of an AF_XDP socket's ring", XdpCalls.errno());
        }
        return new XdpRing(view(address, bytes), address, offsets, offsetsAt, size, entryBytes);
    }

    /** A native stretch of memory as a buffer, in the machine's byte order. */
    @SuppressWarnings("restricted")
    static ByteBuffer view(long address, long bytes) {
        return MemorySegment.ofAddress(address)
                .reinterpret(bytes)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
    }

    /** Entries that the kernel has produced and we have not taken. */
    int filled() {
        return (int) INT.getAcquire(memory, producer) - mine;
    }

    /** Entries that we have produced and the kernel has not taken. */
    int pending() {
        return mine - (int) INT.getAcquire(memory, consumer);
    }

    /** Where the {@code ahead}-th entry from our index lies. */
    private int at(int ahead) {
        return entries + entryBytes * (mine + ahead & mask);
    }

    /** An entry, or the first eight octets of one: an address in the frames' memory. */
    long address(int ahead) {
        return memory.getLong(at(ahead));
    }

    /** Octets of the frame, in an entry of 16. */
    int length(int ahead) {
        return memory.getInt(at(ahead) + 8);
    }

    void set(int ahead, long frameAddress) {
        memory.putLong(at(ahead), frameAddress);
    }

    void set(int ahead, long frameAddress, int length) {
        int at = at(ahead);
        memory.putLong(at, frameAddress);
        memory.putInt(at + 8, length);
        memory.putInt(at + 12, 0);
    }

    /** Hands {@code count} entries that were set to the kernel. */
    void produce(int count) {
        mine += count;
        INT.setRelease(memory, producer, mine);
    }

    /** Gives {@code count} entries that were read back to the kernel. */
    void consume(int count) {
        mine += count;
        INT.setRelease(memory, consumer, mine);
    }

    /** Whether the kernel must be called to look at the ring. */
    boolean needsWakeUp() {
        return ((int) INT.getAcquire(memory, flags) & NEED_WAKEUP) != 0;
    }

    void close() {
        XdpCalls.munmap(address, memory.capacity());
    }
}
