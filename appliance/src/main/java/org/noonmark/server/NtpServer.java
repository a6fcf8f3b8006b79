package org.noonmark.server;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.noonmark.linux.UdpSocket;
import org.noonmark.linux.UdpSocketException;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.ClientTable;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.ntp.PacketCounters;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.RealtimeClock;

/** The NTP service: one socket and one packet thread, ntp-0 and up, for each address. Started and closed by one thread. */
public final class NtpServer implements AutoCloseable {
    private final List<InetSocketAddress> addresses;
    private final List<PacketThread> threads;

    private NtpServer(List<InetSocketAddress> addresses, List<PacketThread> threads) {
        this.addresses = addresses;
        this.threads = threads;
    }

    /**
     * Warms up, opens all sockets and starts to answer.
     *
     * @param addresses where to listen; a wildcard address listens on all addresses of its own family only, port 0 takes a free port
     * @param access who is answered, read for every request; never null
     * @param options what else the owner has chosen for the service
     * @param system the state to serve, read for every few answers; never null
     * @param clock the clock that is served
     * @param threadFactory makes the packet threads; what else they are is its matter
     * @throws UdpSocketException when an address cannot be had; nothing is left open then
     */
    public static NtpServer start(
            List<InetSocketAddress> addresses,
            Supplier<AccessTable> access,
            NtpOptions options,
            Supplier<SystemVariables> system,
            RealtimeClock clock,
            ThreadFactory threadFactory) {
        WarmUp.run(options, system, clock);
        List<UdpSocket> sockets = openAll(addresses);
        List<PacketThread> threads = new ArrayList<>();
        SecureRandom random = new SecureRandom();
        for (UdpSocket socket : sockets) {
            threads.add(new PacketThread(
                    "ntp-" + threads.size(),
                    socket,
                    new NtpResponder(access, options, random.nextLong()),
                    system,
                    clock,
                    threadFactory));
        }
        threads.forEach(PacketThread::start);
        return new NtpServer(sockets.stream().map(UdpSocket::localAddress).toList(), List.copyOf(threads));
    }

    /** The addresses it listens on, with their real ports, in the order asked for. */
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** Counts of each packet thread, in the order of the addresses. */
    public List<PacketCounters> counters() {
        return threads.stream().map(PacketThread::counters).toList();
    }

    /** How often each packet thread has gone round, in the order of the addresses: rises at least once a second, or the thread hangs. */
    public List<Long> rounds() {
        return threads.stream().map(PacketThread::rounds).toList();
    }

    /** Who has asked, as each packet thread remembers it; no client is with two of them. */
    public List<ClientTable> clients() {
        return threads.stream().map(PacketThread::clients).toList();
    }

    /** Pairs of stamps held for clients in interleaved mode. */
    public int stampsHeld() {
        return threads.stream().mapToInt(PacketThread::stampsHeld).sum();
    }

    /** Stops answering and closes the sockets; returns when the threads have ended. */
    @Override
    public void close() {
        threads.forEach(PacketThread::stop);
    }

    /** Ids of the packet threads, for measurements. */
    List<Long> threadIds() {
        return threads.stream().map(PacketThread::threadId).toList();
    }

    private static List<UdpSocket> openAll(List<InetSocketAddress> addresses) {
        List<UdpSocket> sockets = new ArrayList<>();
        try {
            for (InetSocketAddress address : addresses) {
                sockets.add(UdpSocket.open(address));
            }
            return sockets;
        } catch (UdpSocketException refused) {
            sockets.forEach(UdpSocket::close);
            throw refused;
        }
    }
}
