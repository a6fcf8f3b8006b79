package org.noonmark.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.noonmark.ntp.AccessTable;
import org.noonmark.nts.CookieMaker;
import org.noonmark.nts.KeLimiter;
import org.tinylog.Logger;

/**
 * The NTS key establishment service: TLS 1.3 and nothing below, protocol {@code ntske/1}. A virtual thread for each connection waits for
 * its bytes; few workers do the arithmetic. What it costs is bounded: connections, their time, their memory, the processors.
 */
public final class KeyEstablishmentServer implements AutoCloseable {
    private static final int BACKLOG = 256;

    /** So many times the slots are in hand at most. */
    private static final int CROWD = 2;

    /** Those that were displaced let go within a moment; who comes meanwhile waits in the port's queue. */
    private static final Duration CROWD_PATIENCE = Duration.ofSeconds(2);

    /** When no more files can be opened, the next moment may have one. */
    private static final long PAUSE_MILLIS = 50;
    /** Faults that come within it are told once. */
    private static final long QUIET_NANOS = 60_000_000_000L;

    /** The cheapest first; all are as strong as TLS 1.3 knows. */
    private static final String[] CIPHER_SUITES = {
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"
    };

    private final List<ServerSocketChannel> listening;
    private final KeOptions options;
    private final Supplier<SSLContext> identity;
    private final CookieMaker cookies;
    private final Supplier<AccessTable> access;
    private final Predicate<InetAddress> serves;
    private final LongSupplier monotonicNanos;
    private final KeLimiter limiter;
    private final ConnectionSlots<SocketChannel> slots;
    private final ExecutorService workers;
    private final Map<KeOutcome, LongAdder> outcomes;
    private final LongAdder accepted = new LongAdder();
    /** Room for connections with a thread: those in the slots, and those that were displaced a moment ago. */
    private final Semaphore room;

    private final AtomicLong faultsTold;

    private final Thread reaper;

    private KeyEstablishmentServer(
            List<ServerSocketChannel> listening,
            KeOptions options,
            Supplier<SSLContext> identity,
            CookieMaker cookies,
            Supplier<AccessTable> access,
            Predicate<InetAddress> serves,
            LongSupplier monotonicNanos,
            ThreadFactory workerThreads) {
        this.listening = listening;
        this.options = options;
        this.identity = identity;
        this.cookies = cookies;
        this.access = access;
        this.serves = serves;
        this.monotonicNanos = monotonicNanos;
        limiter = new KeLimiter(options.rateLimit(), new SecureRandom()::nextInt);
        slots = new ConnectionSlots<>(options.mostConnections());
        room = new Semaphore(CROWD * options.mostConnections());
        workers = Executors.newFixedThreadPool(options.parallelism(), workerThreads);
        outcomes = Arrays.stream(KeOutcome.values())
                .collect(Collectors.toUnmodifiableMap(Function.identity(), _ -> new LongAdder()));
        faultsTold = new AtomicLong(monotonicNanos.getAsLong() - QUIET_NANOS);
        reaper = Thread.ofVirtual().name("nts-ke-clock").unstarted(this::endTheSlow);
    }

    /**
     * Opens the ports and serves.
     *
     * @param addresses where to listen; a wildcard address of IPv6 takes IPv4 as well
     * @param options how
     * @param identity keys and certificates of this moment, asked for each connection
     * @param cookies makes them
     * @param access who is served, asked for each connection
     * @param serves whether an address of this machine is one to be asked at
     * @param monotonicNanos a clock that never goes back
     * @param workerThreads makes the threads that do the arithmetic
     * @throws IOException when an address cannot be had; nothing is left open then
     */
    public static KeyEstablishmentServer start(
            List<InetSocketAddress> addresses,
            KeOptions options,
            Supplier<SSLContext> identity,
            CookieMaker cookies,
            Supplier<AccessTable> access,
            Predicate<InetAddress> serves,
            LongSupplier monotonicNanos,
            ThreadFactory workerThreads)
            throws IOException {
        KeyEstablishmentServer server = new KeyEstablishmentServer(
                openAll(addresses), options, identity, cookies, access, serves, monotonicNanos, workerThreads);
        server.reaper.start();
        for (ServerSocketChannel port : server.listening) {
            Thread.ofVirtual().name("nts-ke").start(() -> server.accept(port));
        }
        return server;
    }

    private static List<ServerSocketChannel> openAll(List<InetSocketAddress> addresses) throws IOException {
        List<ServerSocketChannel> opened = new ArrayList<>();
        try {
            for (InetSocketAddress address : addresses) {
                boolean ipv4 = address.getAddress().getAddress().length == 4;
                ServerSocketChannel channel =
                        ServerSocketChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
                opened.add(channel);
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                channel.bind(address, BACKLOG);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // The second is what Java says when it is to open a socket of IPv6 on a kernel without it.
            for (ServerSocketChannel channel : opened) {
                channel.close();
            }
            throw e instanceof IOException io ? io : new IOException("this machine has no IPv6", e);
        }
        return opened;
    }

    /** An engine for one connection. */
    static SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setCipherSuites(CIPHER_SUITES);
        parameters.setApplicationProtocols(new String[] {KeConnection.PROTOCOL});
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The addresses listened at, with their real ports. */
    public List<InetSocketAddress> addresses() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (ServerSocketChannel channel : listening) {
            try {
                addresses.add((InetSocketAddress) channel.getLocalAddress());
            } catch (IOException e) {
                // Closed meanwhile: it listens nowhere.
                return List.of();
            }
        }
        return addresses;
    }

    /** Connections that were taken. */
    public long accepted() {
        return accepted.sum();
    }

    /** How many ended so. */
    public long ended(KeOutcome outcome) {
        return counter(outcome).sum();
    }

    /** Connections at this moment. */
    int open() {
        return slots.taken();
    }

    /** Who has asked. */
    public List<KeLimiter.Client> clients() {
        return limiter.clients();
    }

    private void accept(ServerSocketChannel port) {
        while (port.isOpen()) {
            try {
                take(port.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void take(SocketChannel channel) throws InterruptedException {
        if (!room.tryAcquire(CROWD_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
            refuse(channel, KeOutcome.DISPLACED);
            return;
        }
        boolean served = false;
        try {
            served = admits(channel);
            if (served) {
                Thread.ofVirtual().name("nts-ke-client").start(() -> serve(channel));
            }
        } catch (IOException e) {
            // Reset before its turn came.
            refuse(channel, KeOutcome.BROKEN);
        } catch (RuntimeException e) {
            // One connection's harm, not the port's end.
            served = false;
            slots.free(channel);
            refuse(channel, KeOutcome.FAULT);
            onFault(e);
        } finally {
            if (!served) {
                room.release();
            }
        }
    }

    /** Closes the connection where not. */
    private boolean admits(SocketChannel channel) throws IOException {
        accepted.increment();
        long now = monotonicNanos.getAsLong();
        byte[] address =
                ((InetSocketAddress) channel.getRemoteAddress()).getAddress().getAddress();
        var rule = access.get().rulingOn(address);
        boolean here = serves.test(((InetSocketAddress) channel.getLocalAddress()).getAddress());
        if (!here || rule == null || !rule.allow()) {
            refuse(channel, KeOutcome.NOT_ALLOWED);
            return false;
        }
        if (!limiter.admits(address, now)) {
            refuse(channel, KeOutcome.TOO_OFTEN);
            return false;
        }
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        slots.take(channel, address, now).ifPresent(displaced -> refuse(displaced, KeOutcome.DISPLACED));
        return true;
    }

    private void serve(SocketChannel channel) {
        KeOutcome outcome = KeOutcome.FAULT;
        try {
            outcome =
                    new KeConnection(channel, engine(identity.get()), workers, options.negotiation(), cookies).serve();
        } catch (RuntimeException e) {
            onFault(e);
        } finally {
            // Whoever took its place away has counted it.
            if (slots.free(channel)) {
                count(outcome);
            }
            close(channel);
            room.release();
        }
    }

    private void endTheSlow() {
        long patience = options.patience().toNanos();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                long now = monotonicNanos.getAsLong();
                slots.evictOlderThan(now - patience).forEach(slow -> refuse(slow, KeOutcome.TOO_SLOW));
                // Who comes while it sleeps has at least as long from then on.
                LockSupport.parkNanos(
                        this, 1 + patience - (now - slots.oldestNanos().orElse(now)));
            } catch (RuntimeException e) {
                onFault(e);
                pause();
            }
        }
    }

    /** What a client can cause as often as it likes must not fill the log: the outcomes tell how often. */
    private void onFault(RuntimeException fault) {
        long now = monotonicNanos.getAsLong();
        if (faultsTold.getAndUpdate(told -> now - told < QUIET_NANOS ? told : now) + QUIET_NANOS <= now) {
            Logger.error(fault, "NTS: a connection ended by a fault of this program: please report it");
        }
    }

    private void refuse(SocketChannel channel, KeOutcome outcome) {
        count(outcome);
        close(channel);
    }

    private LongAdder counter(KeOutcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome));
    }

    private void count(KeOutcome outcome) {
        counter(outcome).increment();
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        reaper.interrupt();
        for (ServerSocketChannel port : listening) {
            try {
                port.close();
            } catch (IOException e) {
                Logger.warn("NTS: a port could not be closed: {}", e.getMessage());
            }
        }
        slots.evictAll().forEach(KeyEstablishmentServer::close);
        // Whoever waits for one of those that will not be done shall not wait for ever.
        for (Runnable undone : workers.shutdownNow()) {
            if (undone instanceof Future<?> work) {
                work.cancel(false);
            }
        }
    }
}
