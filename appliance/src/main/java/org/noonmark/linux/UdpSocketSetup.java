package org.noonmark.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Opens, names and closes UDP sockets, through JNA: calls that are made once. */
final class UdpSocketSetup {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ERROR = 4;
    private static final int SO_BROADCAST = 6;
    private static final int SO_REUSEPORT = 15;
    private static final int SO_ATTACH_REUSEPORT_CBPF = 51;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_BINDTODEVICE = 25;
    private static final int IFNAMSIZ = 16;
    private static final int SO_TIMESTAMPNS = 35;
    private static final int SO_TIMESTAMPING = 37;
    private static final int SOF_TIMESTAMPING_SOFTWARE = 1 << 4;
    private static final int IPPROTO_IP = 0;
    private static final int IP_PKTINFO = 8;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int SHUT_RD = 0;

    private static final int EACCES = 13;
    private static final int EAFNOSUPPORT = 97;
    private static final int ENETUNREACH = 101;
    private static final int ECONNREFUSED = 111;
    private static final int EHOSTUNREACH = 113;
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;

    private UdpSocketSetup() {}

    /** The socket calls of the C library that {@link Libc} does not have, by JNA's direct mapping. */
    private static final class Sockets {
        static {
            Native.register(Sockets.class, NativeLibrary.getProcess());
        }

        private Sockets() {}

        static native int bind(int fd, ByteBuffer address, int length);

        static native int connect(int fd, ByteBuffer address, int length);

        static native int setsockopt(int fd, int level, int name, ByteBuffer value, int length);

        static native int getsockopt(int fd, int level, int name, ByteBuffer value, ByteBuffer length);

        static native int getsockname(int fd, ByteBuffer address, ByteBuffer length);

        static native int shutdown(int fd, int how);
    }

    /**
     * A bound socket with receive stamps and destination addresses.
     *
     * @param shares whether others of this user that do so too may have the same port: a second server would then take half of the requests
     *     in silence, in place of an error
     */
    static int open(InetSocketAddress address, int receiveTimeoutSeconds, boolean shares) {
        Libc.require();
        boolean ipv6 = isIpv6(address);
        int fd = Libc.socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (fd < 0) {
            throw failure(address, Libc.errno());
        }
        try {
            if (ipv6) {
                option(fd, address, IPPROTO_IPV6, IPV6_V6ONLY, 1);
                option(fd, address, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
            } else {
                option(fd, address, IPPROTO_IP, IP_PKTINFO, 1);
            }
            if (shares) {
                option(fd, address, SOL_SOCKET, SO_REUSEPORT, 1);
            }
            option(fd, address, SOL_SOCKET, SO_TIMESTAMPNS, 1);
            // Reports stamps of leaving for those datagrams that wish for one.
            option(fd, address, SOL_SOCKET, SO_TIMESTAMPING, SOF_TIMESTAMPING_SOFTWARE);
            ByteBuffer timeval = direct(16).putLong(0, receiveTimeoutSeconds);
            check(address, Sockets.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval, 16));
            ByteBuffer sockaddr = sockaddr(address);
            check(address, Sockets.bind(fd, sockaddr, sockaddr.capacity()));
            return fd;
        } catch (UdpSocketException refused) {
            Libc.close(fd);
            throw refused;
        }
    }

    /** Lets the socket use one network interface alone, by its name of at most 15 octets. */
    static void bindToDevice(int fd, InetSocketAddress address, String device) {
        ByteBuffer name = direct(IFNAMSIZ);
        name.put(0, device.getBytes(StandardCharsets.US_ASCII));
        check(address, Sockets.setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, IFNAMSIZ));
    }

    /** The kernel sends this socket's datagrams to broadcast addresses, too. */
    static void allowBroadcast(int fd, InetSocketAddress address) {
        option(fd, address, SOL_SOCKET, SO_BROADCAST, 1);
    }

    /** Has the sender's address choose among the sockets that share the port of this one, numbered in the order of their binding. */
    static void chooseBySender(int fd, InetSocketAddress address, ByteBuffer program) {
        ByteBuffer given = direct(16)
                .putShort(0, (short) (program.capacity() / SenderChoice.INSTRUCTION_BYTES))
                .putLong(8, MemorySegment.ofBuffer(program).address());
        try {
            check(address, Sockets.setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, given, 16));
        } finally {
            Reference.reachabilityFence(program);
        }
    }

    /** The address that the socket is bound to, with its real port. */
    static InetSocketAddress localAddress(int fd, InetSocketAddress asked) {
        ByteBuffer sockaddr = direct(28);
        ByteBuffer length = direct(4).putInt(0, 28);
        check(asked, Sockets.getsockname(fd, sockaddr, length));
        int port = sockaddr.duplicate().order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xffff;
        return new InetSocketAddress(asked.getAddress(), port);
    }

    /** Lets the socket talk to {@code server} alone; the kernel chooses the address that it does so from. */
    static void connect(int fd, InetSocketAddress server) {
        ByteBuffer sockaddr = sockaddr(server);
        check(server, Sockets.connect(fd, sockaddr, sockaddr.capacity()));
    }

    /** The address and port of this machine that a connected socket has. */
    static InetSocketAddress connectedFrom(int fd, InetSocketAddress server) {
        ByteBuffer sockaddr = direct(28);
        check(server, Sockets.getsockname(fd, sockaddr, direct(4).putInt(0, 28)));
        boolean ipv6 = isIpv6(server);
        byte[] octets = new byte[ipv6 ? 16 : 4];
        sockaddr.get(ipv6 ? 8 : 4, octets);
        int port = sockaddr.order(ByteOrder.BIG_ENDIAN).getShort(2) & 0xffff;
        try {
            return new InetSocketAddress(InetAddress.getByAddress(octets), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is always taken", e);
        }
    }

    /** struct sockaddr_in (16 octets) or sockaddr_in6 (28 octets). */
    static ByteBuffer sockaddr(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        boolean ipv6 = isIpv6(address);
        ByteBuffer sockaddr = direct(ipv6 ? 28 : 16);
        sockaddr.putShort(0, (short) (ipv6 ? AF_INET6 : AF_INET));
        sockaddr.duplicate().order(ByteOrder.BIG_ENDIAN).putShort(2, (short) address.getPort());
        sockaddr.put(ipv6 ? 8 : 4, ip.getAddress());
        if (ip instanceof Inet6Address scoped) {
            sockaddr.putInt(24, scoped.getScopeId());
        }
        return sockaddr;
    }

    /** Wakes a thread that waits in recvmmsg; Linux does so although it reports that the socket is not connected. */
    static void wake(int fd) {
        Sockets.shutdown(fd, SHUT_RD);
    }

    /** @throws IllegalStateException when there is no such socket any more; a pending error of the network is cleared */
    static void requireSound(int fd, InetSocketAddress address) {
        takeError(fd, address);
    }

    /**
     * Takes what the network has said of a connected socket: whether there is no way to its server, or nobody listens there.
     *
     * @throws IllegalStateException when there is no such socket any more
     */
    static boolean takesUnreachable(int fd, InetSocketAddress address) {
        int error = takeError(fd, address);
        return error == ENETUNREACH || error == ECONNREFUSED || error == EHOSTUNREACH;
    }

    private static int takeError(int fd, InetSocketAddress address) {
        ByteBuffer error = direct(4);
        if (Sockets.getsockopt(fd, SOL_SOCKET, SO_ERROR, error, direct(4).putInt(0, 4)) < 0) {
            throw new IllegalStateException("the socket of " + address + " is broken: " + Libc.strerror(Libc.errno()));
        }
        return error.getInt(0);
    }

    static void close(int fd) {
        Libc.close(fd);
    }

    static boolean isIpv6(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address;
    }

    private static void option(int fd, InetSocketAddress address, int level, int name, int value) {
        check(address, Sockets.setsockopt(fd, level, name, direct(4).putInt(0, value), 4));
    }

    private static void check(InetSocketAddress address, int result) {
        if (result < 0) {
            throw failure(address, Libc.errno());
        }
    }

    private static UdpSocketException failure(InetSocketAddress address, int errno) {
        String where =
                "UDP port " + address.getPort() + " on " + address.getAddress().getHostAddress();
        return switch (errno) {
            case EADDRINUSE ->
                new UdpSocketException(
                        UdpSocketException.Reason.PORT_BUSY,
                        where
                                + " is taken by another program, probably another NTP server: stop it (for example 'systemctl disable"
                                + " --now chrony', ntpsec, or a second noonmark; 'ss -ulpn' shows which), or choose another port with"
                                + " 'port N'");
            case EACCES, Libc.EPERM ->
                new UdpSocketException(
                        UdpSocketException.Reason.NO_PERMISSION,
                        where + " needs the capability CAP_NET_BIND_SERVICE, as every port below 1024: run as root, put"
                                + " 'AmbientCapabilities=CAP_NET_BIND_SERVICE' into the unit, or choose 'port N' from 1024 up");
            case EADDRNOTAVAIL ->
                new UdpSocketException(
                        UdpSocketException.Reason.ADDRESS_NOT_AVAILABLE,
                        where
                                + ": this machine does not have that address ('ip address' lists them); correct 'bindaddress' or leave it"
                                + " out to listen on all");
            case EAFNOSUPPORT ->
                new UdpSocketException(
                        UdpSocketException.Reason.NO_IPV6,
                        where
                                + ": this machine does not speak that address family; IPv6 is switched off in the kernel");
            default ->
                new UdpSocketException(
                        UdpSocketException.Reason.OTHER, where + " cannot be opened: " + Libc.strerror(errno));
        };
    }

    private static ByteBuffer direct(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }
}
