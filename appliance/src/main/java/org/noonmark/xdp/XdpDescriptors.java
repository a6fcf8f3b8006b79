package org.noonmark.xdp;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What takes privileges of AF_XDP on one interface: a socket for each of its queues, the maps of {@link XdpProgram}, and the program where
 * it runs, all as file descriptors. A process that has the privileges can make them, drop the privileges, and become another program, which
 * needs none for the rest: memory, binding, entries of the maps (Linux 5.19; older ones ask for CAP_BPF there too).
 *
 * @param interfaceName such as eth0
 * @param interfaceIndex the kernel's number of it
 * @param mac its address, 48 bits
 * @param mode where the program runs
 * @param sockets one for each queue, in their order, not bound yet
 * @param maps the program's
 * @param link keeps the program there while it is open
 */
public record XdpDescriptors(
        String interfaceName,
        int interfaceIndex,
        long mac,
        XdpMode mode,
        List<Integer> sockets,
        XdpMaps maps,
        int link) {
    private static final int MAX_QUEUES = 64;
    private static final int MAX_ADDRESSES = 256;
    private static final int AF_XDP = 44;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final String REFUSED = "refused ";

    /** Copies the list. */
    public XdpDescriptors {
        sockets = List.copyOf(sockets);
    }

    /**
     * Makes them for another program, in the first of the modes that really works here: it is tried first.
     *
     * @throws XdpException with the reason; nothing is left open or attached then
     */
    public static XdpDescriptors make(String interfaceName, List<XdpMode> modes, XdpScope scope) throws XdpException {
        XdpAttachment trial = XdpAttachment.open(interfaceName, modes, scope);
        trial.queues().forEach(XdpQueue::close);
        XdpDescriptors tried = trial.descriptors();
        List<Integer> sockets = new ArrayList<>();
        try {
            while (sockets.size() < tried.sockets.size()) {
                sockets.add(socket());
            }
        } catch (XdpException refused) {
            sockets.forEach(XdpCalls::close);
            trial.close();
            throw refused;
        }
        return new XdpDescriptors(
                interfaceName, tried.interfaceIndex, tried.mac, tried.mode, sockets, tried.maps, tried.link);
    }

    static XdpDescriptors make(String interfaceName, XdpMode mode, XdpScope scope, boolean serves) throws XdpException {
        XdpInterface card = XdpInterface.named(interfaceName);
        if (card.queues() > MAX_QUEUES) {
            throw new XdpException("'" + interfaceName + "' has " + card.queues() + " queues, more than " + MAX_QUEUES);
        }
        List<Integer> made = new ArrayList<>();
        try {
            XdpMaps maps = new XdpMaps(
                    keep(made, Bpf.socketMap(card.queues())),
                    serves ? keep(made, Bpf.addressMap(MAX_ADDRESSES)) : XdpMaps.NONE,
                    // Each with and without MAC.
                    serves ? keep(made, Bpf.clientMap(2 * Math.max(1, scope.clients()))) : XdpMaps.NONE,
                    serves ? keep(made, Bpf.strangersMap(card.queues())) : XdpMaps.NONE);
            List<Integer> sockets = new ArrayList<>();
            for (int queue = 0; queue < card.queues(); queue++) {
                sockets.add(keep(made, socket()));
            }
            int mixing = new SecureRandom().nextInt();
            int link = attach(card, mode, XdpProgram.of(card.mac(), scope, maps, mixing, XdpProgram.PASS));
            return new XdpDescriptors(interfaceName, card.index(), card.mac(), mode, sockets, maps, link);
        } catch (XdpException refused) {
            made.forEach(XdpCalls::close);
            throw refused;
        }
    }

    /** What {@link #read} reads. */
    public String text() {
        return String.join(
                " ",
                interfaceName,
                Integer.toString(interfaceIndex),
                Long.toHexString(mac),
                mode.name(),
                sockets.stream().map(String::valueOf).collect(Collectors.joining(",")),
                Integer.toString(maps.sockets()),
                Integer.toString(maps.addresses()),
                Integer.toString(maps.clients()),
                Integer.toString(maps.strangers()),
                Integer.toString(link));
    }

    /** The same in place of descriptors that could not be had. */
    public static String refusal(XdpException reason) {
        return REFUSED + reason.getMessage();
    }

    /**
     * Takes over what the program that this process was before has made. They are closed in programs that this one starts.
     *
     * @throws XdpException with the reason that it had for making none
     */
    public static XdpDescriptors read(String text) throws XdpException {
        if (text.startsWith(REFUSED)) {
            throw new XdpException(text.substring(REFUSED.length()));
        }
        String[] words = text.split(" ", -1);
        XdpDescriptors taken = new XdpDescriptors(
                words[0],
                Integer.parseInt(words[1]),
                Long.parseLong(words[2], 16),
                XdpMode.valueOf(words[3]),
                Arrays.stream(words[4].split(",", -1)).map(Integer::valueOf).toList(),
                new XdpMaps(
                        Integer.parseInt(words[5]),
                        Integer.parseInt(words[6]),
                        Integer.parseInt(words[7]),
                        Integer.parseInt(words[8])),
                Integer.parseInt(words[9]));
        taken.all().forEach(fd -> XdpCalls.fcntl(fd, F_SETFD, FD_CLOEXEC));
        return taken;
    }

    /** Takes the program and its maps away; the sockets are their queues'. */
    void detach() {
        all().stream().filter(fd -> !sockets.contains(fd)).forEach(XdpCalls::close);
    }

    /** Gives a socket of this machine's card a place in the program's map. */
    void take(int queue) throws XdpException {
        Bpf.put(maps.sockets(), XdpCalls.direct(4).putInt(0, queue), sockets.get(queue));
    }

    /** All of them. */
    public List<Integer> all() {
        List<Integer> all = new ArrayList<>(sockets);
        all.add(link);
        maps.all().forEach(all::add);
        return all;
    }

    private static int socket() throws XdpException {
        int fd = XdpCalls.socket(AF_XDP, SOCK_RAW_CLOEXEC, 0);
        if (fd < 0) {
            throw XdpException.of("an AF_XDP socket", XdpCalls.errno());
        }
        return fd;
    }

    /** The link keeps the program. */
    private static int attach(XdpInterface card, XdpMode mode, ByteBuffer instructions) throws XdpException {
        int program = Bpf.load(instructions);
        try {
            return Bpf.attach(program, card.index(), mode);
        } finally {
            XdpCalls.close(program);
        }
    }

    private static int keep(List<Integer> made, int fd) {
        made.add(fd);
        return fd;
    }
}
