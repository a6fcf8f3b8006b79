package org.noonmark.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.Scheduling;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.RateLimit;
import org.noonmark.nts.Aead;
import org.noonmark.nts.CookieMaker;
import org.noonmark.nts.KeNegotiation;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.IpPrefix;
import org.noonmark.provisioning.NtsConfig;
import org.noonmark.server.KeOptions;
import org.noonmark.server.KeOutcome;
import org.noonmark.server.KeyEstablishmentServer;
import org.noonmark.server.NativeAlgorithms;
import org.noonmark.server.SelfHandshake;
import org.noonmark.server.TlsIdentity;
import org.noonmark.status.KeClientStatus;
import org.noonmark.status.NtsStatus;
import org.noonmark.status.ServerStatus;
import org.tinylog.Logger;

/**
 * Key establishment for NTS as it is configured, or none. The port opens when there is a certificate: at once where one was kept or is the
 * owner's, since the client judges it by its own clock, and NTP itself says that the time is not proven yet; on the very first start once
 * the date is proven, as nothing can be dated before. Trouble here never touches NTP.
 */
final class NtsService implements AutoCloseable, Runnable {
    /** Between two looks at files, names and dates. */
    private static final Duration GLANCE = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** The first ones in a fresh JVM take most of a second on a Pi; then its compiler has seen enough for a while. */
    private static final int SELF_HANDSHAKES = 3;
    /** As nice(1): ten levels give way to whatever else runs, the packet threads first. */
    private static final int NICENESS = 10;

    private final ApplianceConfig config;
    private final CookieMaker cookies;
    private final Supplier<AccessTable> access;
    private final int ntpPort;
    private final Supplier<Optional<Instant>> provenNow;
    private final NtsIdentity identity;
    private final Optional<AcmeService> acme;
    private final Thread thread;
    private volatile Optional<KeyEstablishmentServer> server = Optional.empty();
    private volatile String closedBy = "";
    private volatile String fault = "";

    /**
     * Starts it, if the configuration asks for it; all work is done in a thread of its own.
     *
     * @param cookies makes them
     * @param access who is served, asked for each connection
     * @param mayAllowAny whether that may ever be anybody
     * @param ntpPort UDP port at which NTP is served
     * @param provenNow the time; empty while it was never proven since the start
     */
    static Optional<NtsService> start(
            ApplianceConfig config,
            CookieMaker cookies,
            Supplier<AccessTable> access,
            boolean mayAllowAny,
            int ntpPort,
            Supplier<Optional<Instant>> provenNow) {
        if (!config.nts().isServed() || !mayAllowAny) {
            return Optional.empty();
        }
        TlsIdentity.makeNoTickets();
        NativeAlgorithms.prefer();
        NtsService service = new NtsService(config, cookies, access, ntpPort, provenNow);
        service.thread.start();
        service.acme.ifPresent(AcmeService::start);
        return Optional.of(service);
    }

    private NtsService(
            ApplianceConfig config,
            CookieMaker cookies,
            Supplier<AccessTable> access,
            int ntpPort,
            Supplier<Optional<Instant>> provenNow) {
        this.config = config;
        this.cookies = cookies;
        this.access = access;
        this.ntpPort = ntpPort;
        this.provenNow = provenNow;
        identity = new NtsIdentity(config.nts(), HostNames::read, HostNames::hostName);
        acme = config.nts().acme().map(wanted -> new AcmeService(wanted, provenNow, this::lookNow));
        thread = Thread.ofVirtual().name("nts").unstarted(this);
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            look();
            LockSupport.parkNanos(this, GLANCE.toNanos());
        }
    }

    /** The time is proven now, or no longer: what waits for it need not wait for the next look. Any thread may say so; never blocks. */
    void onTimeProven() {
        lookNow();
        acme.ifPresent(AcmeService::lookNow);
    }

    private void lookNow() {
        LockSupport.unpark(thread);
    }

    private void look() {
        try {
            identity.look(provenNow.get());
            SSLContext context = identity.context();
            if (context != null && server.isEmpty()) {
                open(context);
            }
            fault = "";
        } catch (RuntimeException e) {
            // What was served is served on, and the next look may fare better.
            if (fault.isEmpty()) {
                Logger.error(e, "NTS: keys and certificates could not be looked after, by a fault of this program");
            }
            fault = "a fault of this program, see the log: please report it";
        }
    }

    private void open(SSLContext first) {
        try {
            for (int i = 0; i < SELF_HANDSHAKES; i++) {
                SelfHandshake.run(first);
            }
        } catch (SSLException e) {
            leaveClosed("keys are not given out, as this server cannot even make a TLS connection with itself ("
                    + e.getMessage()
                    + "): see 'noonmark nts cert' for the certificates, and try others; it is tried again");
            return;
        }
        try {
            server = Optional.of(listen());
            closedBy = "";
            Logger.info("NTS keys are established at {}", words());
        } catch (IOException e) {
            leaveClosed("port " + config.nts().port() + " cannot be opened (" + e.getMessage()
                    + "): see 'ss -ltnp', or choose another with 'ntsport'; it is tried again");
        }
    }

    private void leaveClosed(String reason) {
        if (!reason.equals(closedBy)) {
            Logger.warn("NTS: {}", reason);
        }
        closedBy = reason;
    }

    private KeyEstablishmentServer listen() throws IOException {
        List<InetSocketAddress> wanted = addresses();
        try {
            return listen(wanted);
        } catch (IOException e) {
            // A machine without IPv6 serves IPv4 alone, unless another family was asked for by address.
            List<InetSocketAddress> ipv4 = wanted.stream()
                    .map(address -> address.getAddress().isAnyLocalAddress()
                            ? new InetSocketAddress(literal("0.0.0.0"), address.getPort())
                            : address)
                    .filter(address -> address.getAddress().getAddress().length == 4)
                    .toList();
            if (ipv4.isEmpty() || ipv4.equals(wanted)) {
                throw e;
            }
            return listen(ipv4);
        }
    }

    private KeyEstablishmentServer listen(List<InetSocketAddress> at) throws IOException {
        return KeyEstablishmentServer.start(
                at,
                options(),
                () -> Objects.requireNonNull(identity.context()),
                cookies,
                access,
                this::serves,
                LinuxTime::monotonicNanos,
                workers());
    }

    /** One port for all addresses where the owner names none; else those that are named. */
    private List<InetSocketAddress> addresses() {
        int port = config.nts().port();
        List<InetSocketAddress> named = new ArrayList<>();
        named(config.bindAddress4()).ifPresent(address -> named.add(new InetSocketAddress(address, port)));
        named(config.bindAddress6()).ifPresent(address -> named.add(new InetSocketAddress(address, port)));
        boolean all = named.size() < 2;
        return all ? List.of(new InetSocketAddress(literal("::"), port)) : named;
    }

    /** Where one family has an address named, and one port is open for both. */
    private boolean serves(InetAddress local) {
        return named(local.getAddress().length == 4 ? config.bindAddress4() : config.bindAddress6())
                .map(local::equals)
                .orElse(true);
    }

    /** A wildcard names no address. */
    private static Optional<InetAddress> named(Optional<IpAddress> address) {
        return address.map(NtsService::inet).filter(inet -> !inet.isAnyLocalAddress());
    }

    private KeOptions options() {
        NtsConfig nts = config.nts();
        List<Aead> aeads =
                nts.aeads().stream().flatMap(id -> Aead.of(id).stream()).toList();
        return new KeOptions(
                new KeNegotiation(aeads, nts.ntpServer(), ntpPort),
                nts.mostConnections(),
                Math.min(nts.parallelism(), Runtime.getRuntime().availableProcessors()),
                KeOptions.PATIENCE,
                nts.rateLimit().map(l -> new RateLimit(l.intervalLog2Seconds(), l.burst(), l.leakLog2(), 0)));
    }

    /** Threads that give way to all that serves time. */
    private static ThreadFactory workers() {
        return work -> Thread.ofPlatform().daemon().name("nts-tls").unstarted(() -> {
            Scheduling.setNiceness(NICENESS).ifPresent(Logger::warn);
            work.run();
        });
    }

    /** The addresses at which keys are had; empty while they are not. */
    List<InetSocketAddress> listening() {
        return server.map(KeyEstablishmentServer::addresses).orElse(List.of());
    }

    /** Who has asked for keys, the latest first. */
    List<KeClientStatus> clientStatus() {
        long now = LinuxTime.monotonicNanos();
        return server.map(KeyEstablishmentServer::clients).orElse(List.of()).reversed().stream()
                .map(client -> new KeClientStatus(
                        text(client.address()),
                        client.connections(),
                        client.dropped(),
                        (now - client.lastNanos()) / 1_000_000_000L))
                .toList();
    }

    private static String text(List<Byte> octets) {
        byte[] address = new byte[octets.size()];
        for (int i = 0; i < address.length; i++) {
            address[i] = octets.get(i);
        }
        return IpPrefix.of(address, 8 * address.length).network().toString();
    }

    /** All that is told of it. Any thread may ask. */
    NtsStatus status() {
        NtsIdentity.Account account = identity.account();
        List<String> troubles = new ArrayList<>(account.troubles());
        Stream.of(closedBy, fault, acme.map(AcmeService::trouble).orElse(""))
                .filter(word -> !word.isEmpty())
                .forEach(troubles::add);
        List<ServerStatus.Refusal> refusals = new ArrayList<>();
        server.ifPresent(open -> Arrays.stream(KeOutcome.values())
                .filter(outcome -> outcome != KeOutcome.ESTABLISHED && open.ended(outcome) > 0)
                .forEach(outcome -> refusals.add(new ServerStatus.Refusal(outcome.sentence(), open.ended(outcome)))));
        return new NtsStatus(
                words(),
                account.waiting(),
                account.certificates(),
                account.authority(),
                troubles,
                server.map(KeyEstablishmentServer::accepted).orElse(0L),
                server.map(open -> open.ended(KeOutcome.ESTABLISHED)).orElse(0L),
                refusals);
    }

    private List<String> words() {
        return listening().stream().map(NtpService::word).toList();
    }

    private static InetAddress inet(IpAddress address) {
        return literal(address.toString());
    }

    private static InetAddress literal(String address) {
        return InetAddress.ofLiteral(address);
    }

    @Override
    public void close() {
        acme.ifPresent(AcmeService::close);
        thread.interrupt();
        try {
            // A port that it opens at this moment is to be closed, too.
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.ifPresent(KeyEstablishmentServer::close);
    }
}
