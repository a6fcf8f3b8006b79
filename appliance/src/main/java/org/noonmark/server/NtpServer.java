package org.noonmark.server;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.noonmark.linux.Datagrams;
import org.noonmark.linux.Rehearsal;
import org.noonmark.linux.UdpRehearsal;
import org.noonmark.linux.UdpSocket;
import org.noonmark.linux.UdpSocketException;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.ClientTable;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.ntp.PacketCounters;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.time.RealtimeClock;

/**
 * The NTP service: a socket and a packet thread, ntp-0 and up, for each address, or for each address on each of the cores that the owner
 * names. All requests of a client come to one thread, which has its limit and its stamps. Started and closed by one thread.
 */
public final class NtpServer implements AutoCloseable {
    private final List<InetSocketAddress> addresses;
    private final Consumer<Rehearsal> warmUp;
    private final Function<Datagrams, PacketThread> serve;
    private final Function<List<Broadcast>, BroadcastThread> broadcasts;
    private Optional<Thread> broadcaster = Optional.empty();
    private final List<PacketThread> threads = new CopyOnWriteArrayList<>();

    private NtpServer(
            List<InetSocketAddress> addresses,
            Consumer<Rehearsal> warmUp,
            Function<Datagrams, PacketThread> serve,
            Function<List<Broadcast>, BroadcastThread> broadcasts) {
        this.addresses = addresses;
        this.warmUp = warmUp;
        this.serve = serve;
        this.broadcasts = broadcasts;
    }

    /**
     * Warms up, opens all sockets and starts to answer.
     *
     * @param addresses where to listen; a wildcard address listens on all addresses of its own family only, port 0 takes a free port
     * @param access who is answered, read for every request; never null
     * @param options what else the owner has chosen for the service
     * @param system the state to serve, read for every few answers; never null
     * @param clock the clock that is served
     * @param cores where the threads run, each alone on its core for each address; empty: one thread for each address, anywhere
     * @param threadFactory makes the packet threads; what else they are is its matter
     * @throws UdpSocketException when an address cannot be had; nothing is left open then
     */
    public static NtpServer start(
            List<InetSocketAddress> addresses,
            Supplier<AccessTable> access,
            NtpOptions options,
            Supplier<SystemVariables> system,
            RealtimeClock clock,
            List<Integer> cores,
            ThreadFactory threadFactory) {
        Consumer<Rehearsal> warmUp = rehearsal -> {
            try (rehearsal) {
                WarmUp.run(rehearsal, options, system, clock);
            }
        };
        try {
            warmUp.accept(UdpRehearsal.open());
        } catch (UdpSocketException noLoopback) {
            // A machine without loopback can still serve; only its first answers are slower.
        }
        List<UdpSocket> sockets = openAll(addresses, cores.size(), options.ipv6PrefixBits());
        SecureRandom random = new SecureRandom();
        AtomicInteger number = new AtomicInteger();
        Function<Datagrams, PacketThread> serve = way -> new PacketThread(
                "ntp-" + number.getAndIncrement(),
                way,
                new NtpResponder(access, options, random.nextLong()),
                system,
                clock,
                cores.isEmpty() ? threadFactory : new PinnedThreads(cores, threadFactory));
        Function<List<Broadcast>, BroadcastThread> broadcasts = lines -> new BroadcastThread(
                lines, sockets, new NtpResponder(access, options.withCapacity(0), random.nextLong()), system, clock);
        NtpServer server = new NtpServer(
                sockets.stream().map(UdpSocket::localAddress).distinct().toList(), warmUp, serve, broadcasts);
        sockets.forEach(server::serveToo);
        return server;
    }

    /** Warms up for a way of another kind, before {@link #serveToo}, and closes what it was given. */
    public void rehearse(Rehearsal rehearsal) {
        warmUp.accept(rehearsal);
    }

    /** Answers what comes by this way as well, in a thread of its own, which closes it when the server is closed. */
    public void serveToo(Datagrams way) {
        PacketThread thread = serve.apply(way);
        threads.add(thread);
        thread.start();
    }

    /** Sends time that nobody asked for, from a thread of its own; lines of a family that is not served are left out. */
    public void broadcast(List<Broadcast> lines) {
        broadcaster = Optional.of(Thread.ofPlatform().daemon().name("broadcast").start(broadcasts.apply(lines)));
    }

    /** The addresses it listens on, with their real ports, in the order asked for. */
    public List<InetSocketAddress> addresses() {
        return addresses;
    }

    /** Counts of each packet thread, in the order of the addresses and of their cores, then of the ways that were added. */
    public List<PacketCounters> counters() {
        return threads.stream().map(PacketThread::counters).toList();
    }

    /** How often each packet thread has gone round, in the order of {@link #counters}: rises at least once a second, or the thread hangs. */
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

    /** Seconds from the first to the last answer of those pairs, in the thread where they are most. */
    public int stampSpanSeconds() {
        return threads.stream().mapToInt(PacketThread::stampSpanSeconds).max().orElse(0);
    }

    /** Stops answering and closes the sockets; returns when the threads have ended. */
    @Override
    public void close() {
        // It sends by the sockets of the others, so it has to end before they are closed.
        broadcaster.ifPresent(NtpServer::end);
        threads.forEach(PacketThread::stop);
    }

    private static void end(Thread thread) {
        thread.interrupt();
        await(thread);
    }

    /** Waits until it has ended, whatever comes. */
    static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ids of the packet threads, for measurements. */
    List<Long> threadIds() {
        return threads.stream().map(PacketThread::threadId).toList();
    }

    private static List<UdpSocket> openAll(List<InetSocketAddress> addresses, int cores, int ipv6PrefixBits) {
        List<UdpSocket> sockets = new ArrayList<>();
        try {
            for (InetSocketAddress address : addresses) {
                if (cores > 1) {
                    sockets.addAll(UdpSocket.openShared(address, cores, ipv6PrefixBits));
                } else {
                    sockets.add(UdpSocket.open(address));
                }
            }
            return sockets;
        } catch (UdpSocketException refused) {
            sockets.forEach(UdpSocket::close);
            throw refused;
        }
    }
}
