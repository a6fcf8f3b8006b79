package org.noonmark.xdp;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@link XdpProgram} on a network interface, with a socket for each of its queues. It ends with this object or with the process, however
 * that ends: the kernel takes the program away with the last descriptor, and all frames go the kernel's way again. Made and closed by one
 * thread, which also says what the machine's addresses are.
 */
public final class XdpAttachment implements AutoCloseable, FloodGate {
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * An address of this machine: 128 bits, IPv4 as ::ffff:a.b.c.d.
     *
     * @param high the first 64 bits
     * @param low the last 64 bits
     */
    public record Address(long high, long low) {
        private static final long MAPPED_PREFIX = 0xffffL << 32;

        /** Of either family. */
        public static Address of(InetAddress address) {
            ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
            return octets.limit() == Integer.BYTES
                    ? new Address(0, MAPPED_PREFIX | (octets.getInt(0) & 0xffff_ffffL))
                    : new Address(octets.getLong(0), octets.getLong(8));
        }

        private ByteBuffer key() {
            return ByteBuffer.allocateDirect(XdpProgram.ADDRESS_BYTES)
                    .putLong(0, high)
                    .putLong(8, low);
        }
    }

    private final XdpDescriptors descriptors;
    private final List<XdpQueue> queues;
    private final Set<Address> addresses = new HashSet<>();
    /** Known clients, and to how many queues. */
    private final Map<Address, Integer> preferred = new HashMap<>();

    private boolean closed;

    private XdpAttachment(XdpDescriptors descriptors, List<XdpQueue> queues) {
        this.descriptors = descriptors;
        this.queues = List.copyOf(queues);
    }

    /**
     * How many queues it will have there.
     *
     * @throws XdpException when there is no such interface
     */
    public static int queuesOf(String interfaceName) throws XdpException {
        return XdpInterface.named(interfaceName).queues();
    }

    /**
     * Attaches in the first of the modes that the interface has.
     *
     * @param interfaceName such as eth0
     * @param modes in the order of trying; {@link XdpMode#BEST}
     * @param scope what to take; nothing comes before {@link #serve} has named addresses
     * @throws XdpException with the last one's reason; nothing is left open or attached then
     */
    public static XdpAttachment open(String interfaceName, List<XdpMode> modes, XdpScope scope) throws XdpException {
        return open(interfaceName, modes, scope, true, XdpQueue.FRAMES);
    }

    /**
     * Attaches for a measurement: takes what comes to the ports for any address, and leaves frames to send.
     *
     * @param framesToFill how many of each queue's frames are for receiving
     */
    public static XdpAttachment openForAll(String interfaceName, List<Integer> ports, int framesToFill)
            throws XdpException {
        return open(interfaceName, XdpMode.BEST, new XdpScope(ports, 128, 0), false, framesToFill);
    }

    private static XdpAttachment open(
            String interfaceName, List<XdpMode> modes, XdpScope scope, boolean serves, int framesToFill)
            throws XdpException {
        for (XdpMode mode : modes.subList(0, modes.size() - 1)) {
            try {
                return of(XdpDescriptors.make(interfaceName, mode, scope, serves), framesToFill);
            } catch (XdpException notInThisOne) {
                // The last one's reason is the one to tell.
            }
        }
        return of(XdpDescriptors.make(interfaceName, modes.getLast(), scope, serves), framesToFill);
    }

    /**
     * Goes on with what was made before.
     *
     * @param descriptors this object's from now on
     * @throws XdpException with the reason; nothing is left open or attached then
     */
    public static XdpAttachment of(XdpDescriptors descriptors) throws XdpException {
        return of(descriptors, XdpQueue.FRAMES);
    }

    private static XdpAttachment of(XdpDescriptors descriptors, int framesToFill) throws XdpException {
        List<XdpQueue> queues = new ArrayList<>();
        List<Integer> sockets = descriptors.sockets();
        int given = 0;
        try {
            for (int socket : sockets) {
                int queue = given++;
                queues.add(XdpQueue.open(socket, descriptors.interfaceIndex(), queue, framesToFill));
                descriptors.take(queue);
            }
            return new XdpAttachment(descriptors, queues);
        } catch (XdpException refused) {
            queues.forEach(XdpQueue::close);
            sockets.subList(given, sockets.size()).forEach(XdpCalls::close);
            descriptors.detach();
            throw refused;
        }
    }

    XdpDescriptors descriptors() {
        return descriptors;
    }

    /** Interface and mode, for people: "eth0, native". */
    public String description() {
        return descriptors.interfaceName() + ", " + mode()
                + (queues.size() == 1 ? "" : ", " + queues.size() + " queues");
    }

    /** Where the program runs. */
    public XdpMode mode() {
        return descriptors.mode();
    }

    /** The interface's address, 48 bits. */
    public long mac() {
        return descriptors.mac();
    }

    /** In the card's order. */
    public List<XdpQueue> queues() {
        return queues;
    }

    /** A way for each queue, in the card's order; each belongs to the one thread that serves it, and is closed by it. */
    public List<XdpSocket> ways() {
        return queues.stream().map(queue -> new XdpSocket(this, queue)).toList();
    }

    /**
     * Takes requests to exactly these addresses from now on; requests to others go on to the kernel.
     *
     * @throws XdpException when there are too many
     */
    public void serve(Set<Address> now) throws XdpException {
        for (Address gone : List.copyOf(addresses)) {
            if (!now.contains(gone)) {
                Bpf.remove(descriptors.maps().addresses(), gone.key());
                addresses.remove(gone);
            }
        }
        for (Address each : now) {
            Bpf.put(descriptors.maps().addresses(), each.key(), 1);
            addresses.add(each);
        }
    }

    @Override
    public void prefer(long high, long low) {
        synchronized (preferred) {
            if (preferred.merge(new Address(high, low), 1, Integer::sum) > 1) {
                return;
            }
            try {
                for (int withMac = 0; withMac <= 1; withMac++) {
                    Bpf.put(
                            descriptors.maps().clients(),
                            clientKey(high, low, withMac),
                            XdpCalls.direct(XdpProgram.BUCKETS_BYTES));
                }
            } catch (XdpException noRoom) {
                // It stays a stranger, who is answered all the same but in a flood.
            }
        }
    }

    @Override
    public void forget(long high, long low) {
        synchronized (preferred) {
            if (preferred.computeIfPresent(new Address(high, low), (_, queues) -> queues > 1 ? queues - 1 : null)
                    == null) {
                for (int withMac = 0; withMac <= 1; withMac++) {
                    Bpf.remove(descriptors.maps().clients(), clientKey(high, low, withMac));
                }
            }
        }
    }

    private static ByteBuffer clientKey(long high, long low, int withMac) {
        ByteBuffer key = XdpCalls.direct(XdpProgram.CLIENT_BYTES);
        key.order(ByteOrder.BIG_ENDIAN).putLong(0, high).putLong(8, low);
        return key.order(ByteOrder.nativeOrder()).putInt(XdpProgram.ADDRESS_BYTES, withMac);
    }

    @Override
    public void limitStrangers(int queue, double perSecond) {
        try {
            long cost = perSecond == Double.POSITIVE_INFINITY ? 0 : Math.max(1, (long) (NANOS_PER_SECOND / perSecond));
            ByteBuffer bucket = strangers(queue);
            Bpf.put(descriptors.maps().strangers(), queueKey(queue), bucket.putLong(XdpProgram.STRANGERS_COST, cost));
        } catch (XdpException closed) {
            // Nothing comes any more.
        }
    }

    /** Requests that the program has dropped for want of room. */
    public long dropped() {
        return queues.stream().mapToLong(queue -> dropped(queue.number())).sum();
    }

    @Override
    public long dropped(int queue) {
        try {
            return strangers(queue).getLong(XdpProgram.STRANGERS_DROPPED);
        } catch (XdpException closed) {
            return 0;
        }
    }

    private ByteBuffer strangers(int queue) throws XdpException {
        ByteBuffer bucket = XdpCalls.direct(XdpProgram.STRANGERS_BYTES);
        Bpf.get(descriptors.maps().strangers(), queueKey(queue), bucket);
        return bucket;
    }

    private static ByteBuffer queueKey(int queue) {
        return XdpCalls.direct(Integer.BYTES).putInt(0, queue);
    }

    /** The kernel's number of the interface: another one of the same name is not attached to. */
    public int interfaceIndex() {
        return descriptors.interfaceIndex();
    }

    /** Detaches: frames go the kernel's way at once. The queues stay, without news. A second call does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            descriptors.detach();
        }
    }
}
