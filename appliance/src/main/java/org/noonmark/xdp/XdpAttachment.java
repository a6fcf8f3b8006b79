package org.noonmark.xdp;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@link XdpProgram} on a network interface, with a socket for each of its queues. It ends with this object or with the process, however
 * that ends: the kernel takes the program away with the last descriptor, and all frames go the kernel's way again. Made and closed by one
 * thread, which also says what the machine's addresses are.
 */
public final class XdpAttachment implements AutoCloseable {
    private static final int MAX_QUEUES = 64;
    private static final int MAX_ADDRESSES = 256;
    private static final int ANY_ADDRESS = -1;

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

    private final String description;
    private final long mac;
    private final int interfaceIndex;
    private final List<Integer> descriptors;
    private final int addressMap;
    private final List<XdpQueue> queues;
    private final Set<Address> addresses = new HashSet<>();

    private XdpAttachment(
            String description,
            long mac,
            int interfaceIndex,
            List<Integer> descriptors,
            int addressMap,
            List<XdpQueue> queues) {
        this.description = description;
        this.mac = mac;
        this.interfaceIndex = interfaceIndex;
        this.descriptors = descriptors;
        this.addressMap = addressMap;
        this.queues = queues;
    }

    /**
     * Attaches in the first of the modes that the interface has.
     *
     * @param interfaceName such as eth0
     * @param modes in the order of trying; {@link XdpMode#BEST}
     * @param ports UDP ports of ours; nothing comes before {@link #serve} has named addresses
     * @throws XdpException with the reason; nothing is left open or attached then
     */
    public static XdpAttachment open(String interfaceName, List<XdpMode> modes, List<Integer> ports)
            throws XdpException {
        List<Integer> descriptors = new ArrayList<>();
        try {
            return attach(
                    interfaceName,
                    modes,
                    ports,
                    descriptors,
                    keep(descriptors, Bpf.addressMap(MAX_ADDRESSES)),
                    XdpQueue.FRAMES);
        } catch (XdpException refused) {
            descriptors.forEach(XdpCalls::close);
            throw refused;
        }
    }

    /**
     * Attaches for a measurement: takes what comes to the ports for any address, and leaves frames to send.
     *
     * @param framesToFill how many of each queue's frames are for receiving
     */
    public static XdpAttachment openForAll(String interfaceName, List<Integer> ports, int framesToFill)
            throws XdpException {
        List<Integer> descriptors = new ArrayList<>();
        try {
            return attach(interfaceName, XdpMode.BEST, ports, descriptors, ANY_ADDRESS, framesToFill);
        } catch (XdpException refused) {
            descriptors.forEach(XdpCalls::close);
            throw refused;
        }
    }

    private static XdpAttachment attach(
            String interfaceName,
            List<XdpMode> modes,
            List<Integer> ports,
            List<Integer> descriptors,
            int addressMap,
            int framesToFill)
            throws XdpException {
        XdpInterface card = XdpInterface.named(interfaceName);
        if (card.queues() > MAX_QUEUES) {
            throw new XdpException("'" + interfaceName + "' has " + card.queues() + " queues, more than " + MAX_QUEUES);
        }
        int socketMap = keep(descriptors, Bpf.socketMap(card.queues()));
        int program =
                keep(descriptors, Bpf.load(XdpProgram.of(card.mac(), ports, socketMap, addressMap, XdpProgram.PASS)));
        XdpMode mode = attach(descriptors, program, card, modes);
        List<XdpQueue> queues = new ArrayList<>();
        try {
            for (int queue = 0; queue < card.queues(); queue++) {
                XdpQueue opened = XdpQueue.open(card.index(), queue, framesToFill);
                queues.add(opened);
                Bpf.put(socketMap, XdpCalls.direct(4).putInt(0, queue), opened.fd());
            }
        } catch (XdpException refused) {
            queues.forEach(XdpQueue::close);
            throw refused;
        }
        String description = interfaceName + ", " + mode + (card.queues() == 1 ? "" : ", " + card.queues() + " queues");
        return new XdpAttachment(description, card.mac(), card.index(), descriptors, addressMap, List.copyOf(queues));
    }

    /** Interface and mode, for people: "eth0, native". */
    public String description() {
        return description;
    }

    /** The interface's address, 48 bits. */
    public long mac() {
        return mac;
    }

    /** The queues as they are, in their order; whoever takes them closes them. */
    public List<XdpQueue> queues() {
        return queues;
    }

    /** One for each queue, in the queues' order; each belongs to the thread that serves it, and is closed by it. */
    public List<XdpSocket> sockets() {
        return queues.stream().map(XdpSocket::new).toList();
    }

    /**
     * Takes requests to exactly these addresses from now on; requests to others go on to the kernel.
     *
     * @throws XdpException when there are too many
     */
    public void serve(Set<Address> now) throws XdpException {
        for (Address gone : List.copyOf(addresses)) {
            if (!now.contains(gone)) {
                Bpf.remove(addressMap, gone.key());
                addresses.remove(gone);
            }
        }
        for (Address each : now) {
            Bpf.put(addressMap, each.key(), 1);
            addresses.add(each);
        }
    }

    /** The kernel's number of the interface: another one of the same name is not attached to. */
    public int interfaceIndex() {
        return interfaceIndex;
    }

    /** Detaches: frames go the kernel's way at once. The sockets stay, without news. */
    @Override
    public void close() {
        descriptors.forEach(XdpCalls::close);
        descriptors.clear();
    }

    private static XdpMode attach(List<Integer> descriptors, int program, XdpInterface card, List<XdpMode> modes)
            throws XdpException {
        for (XdpMode mode : modes.subList(0, modes.size() - 1)) {
            try {
                keep(descriptors, Bpf.attach(program, card.index(), mode));
                return mode;
            } catch (XdpException notInThisOne) {
                // The last one's reason is the one to tell.
            }
        }
        keep(descriptors, Bpf.attach(program, card.index(), modes.getLast()));
        return modes.getLast();
    }

    private static int keep(List<Integer> descriptors, int fd) {
        descriptors.add(fd);
        return fd;
    }
}
