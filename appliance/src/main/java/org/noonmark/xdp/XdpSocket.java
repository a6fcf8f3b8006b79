package org.noonmark.xdp;

import java.nio.ByteBuffer;
import org.noonmark.linux.Datagrams;

/**
 * UDP datagrams by AF_XDP, from one queue of a card: requests that {@link XdpProgram} chose lie in frames, and their answers go back in the
 * same frames. The stamps are the program's.
 */
public final class XdpSocket implements Datagrams {
    private static final int SLOTS = Datagrams.SLOTS;
    private static final int WAIT_MILLIS = 1_000;

    private final FloodGate gate;
    private final XdpQueue queue;
    private final UdpFrame frame = new UdpFrame();
    private final int[] starts = new int[SLOTS];
    private final int[] frameLengths = new int[SLOTS];
    private final boolean[] answered = new boolean[SLOTS];
    private final boolean[] ipv6 = new boolean[SLOTS];
    private final int[] payloadStarts = new int[SLOTS];
    private final int[] payloadLengths = new int[SLOTS];
    private final long[] receiveNanos = new long[SLOTS];
    private final long[] peerHigh = new long[SLOTS];
    private final long[] peerLow = new long[SLOTS];
    private final int[] peerPorts = new int[SLOTS];
    private final long[] localHigh = new long[SLOTS];
    private final long[] localLow = new long[SLOTS];
    private final int[] localPorts = new int[SLOTS];
    private final int[] queuedSlots = new int[SLOTS];
    private double strangersPerSecond = Double.POSITIVE_INFINITY;
    private long dropped;
    private int waiting;
    private int count;
    private int queued;

    /**
     * For one queue.
     *
     * @param gate of the program that gives it frames
     * @param queue used by this object's thread alone from now on, and closed by it
     */
    XdpSocket(FloodGate gate, XdpQueue queue) {
        this.gate = gate;
        this.queue = queue;
    }

    @Override
    public void prefer(long addressHigh, long addressLow) {
        gate.prefer(addressHigh, addressLow);
    }

    @Override
    public void forget(long addressHigh, long addressLow) {
        gate.forget(addressHigh, addressLow);
    }

    @Override
    public boolean leavesOut() {
        return true;
    }

    @Override
    public void limitStrangers(double perSecond) {
        if (perSecond != strangersPerSecond) {
            gate.limitStrangers(queue.number(), perSecond);
            strangersPerSecond = perSecond;
        }
    }

    /** Setting a limit can lose a few of those counted: never less than none. */
    @Override
    public long leftOut() {
        long before = dropped;
        dropped = Math.max(before, gate.dropped(queue.number()));
        return dropped - before;
    }

    @Override
    public int receive() {
        giveBack();
        waiting = queue.await(WAIT_MILLIS);
        count = Math.min(waiting, SLOTS);
        for (int slot = 0; slot < count; slot++) {
            read(slot, queue.start(slot), queue.length(slot));
        }
        if (count > 0) {
            queue.take(count);
        }
        return count;
    }

    @Override
    public int waiting() {
        return waiting;
    }

    @Override
    public ByteBuffer packets() {
        return queue.frames();
    }

    @Override
    public int packetStart(int slot) {
        return payloadStarts[slot];
    }

    @Override
    public int length(int slot) {
        return payloadLengths[slot];
    }

    /** Never: the program leaves what is too long for a frame's place to the kernel. */
    @Override
    public boolean truncated(int slot) {
        return false;
    }

    @Override
    public long receiveNanos(int slot) {
        return receiveNanos[slot];
    }

    @Override
    public long peerHigh(int slot) {
        return peerHigh[slot];
    }

    @Override
    public long peerLow(int slot) {
        return peerLow[slot];
    }

    @Override
    public int peerPort(int slot) {
        return peerPorts[slot];
    }

    @Override
    public long localHigh(int slot) {
        return localHigh[slot];
    }

    @Override
    public long localLow(int slot) {
        return localLow[slot];
    }

    @Override
    public int localPort(int slot) {
        return localPorts[slot];
    }

    @Override
    public void queue(int slot, int length) {
        aim(slot);
        frameLengths[slot] = frame.turn(length);
        answered[slot] = true;
        queuedSlots[queued++] = slot;
    }

    @Override
    public boolean stampsLeaving() {
        return false;
    }

    @Override
    public boolean leavesWhenSent() {
        return queue.copies();
    }

    @Override
    public boolean stampsInDriver() {
        return true;
    }

    @Override
    public int queued() {
        return queued;
    }

    @Override
    public int queuedSlot(int place) {
        return queuedSlots[place];
    }

    @Override
    public int send(int from, int to) {
        for (int place = from; place < to; place++) {
            int slot = queuedSlots[place];
            aim(slot);
            frame.seal();
            queue.send(starts[slot], frameLengths[slot]);
        }
        int refused = queue.flush();
        for (int place = to - refused; place < to; place++) {
            // It may leave later, with the stamps of now: nobody shall believe it.
            aim(queuedSlots[place]);
            frame.spoil();
        }
        return refused;
    }

    @Override
    public void wake() {
        queue.wake();
    }

    @Override
    public void close() {
        queue.close();
    }

    /** Frames that were not answered, and those that have left, may be filled again. */
    private void giveBack() {
        for (int slot = 0; slot < count; slot++) {
            if (!answered[slot]) {
                queue.fill(starts[slot]);
            }
        }
        int left = queue.countLeft();
        for (int i = 0; i < left; i++) {
            queue.fill(queue.left(i));
        }
        count = 0;
        queued = 0;
    }

    private void read(int slot, int start, int length) {
        starts[slot] = start;
        answered[slot] = false;
        if (!frame.wrap(queue.frames(), start, length)) {
            // From nobody: the responder refuses it, and reads nothing of it.
            payloadStarts[slot] = start;
            payloadLengths[slot] = 0;
            peerHigh[slot] = 0;
            peerLow[slot] = 0;
            peerPorts[slot] = 0;
            receiveNanos[slot] = NO_STAMP;
            return;
        }
        ipv6[slot] = frame.ipv6();
        payloadStarts[slot] = frame.payloadStart();
        payloadLengths[slot] = frame.payloadLength();
        peerHigh[slot] = frame.sourceHigh();
        peerLow[slot] = frame.sourceLow();
        peerPorts[slot] = frame.sourcePort();
        localHigh[slot] = frame.destinationHigh();
        localLow[slot] = frame.destinationLow();
        localPorts[slot] = frame.destinationPort();
        receiveNanos[slot] = queue.stampNanos(start);
    }

    private void aim(int slot) {
        frame.wrapGood(queue.frames(), starts[slot], payloadStarts[slot], ipv6[slot]);
    }
}
