package org.noonmark.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.noonmark.linux.UdpSocketException;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.ClientRecord;
import org.noonmark.ntp.ClientTable;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.MacAlgorithm;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtsProvider;
import org.noonmark.ntp.PacketCounters;
import org.noonmark.ntp.RateLimit;
import org.noonmark.ntp.SymmetricKey;
import org.noonmark.ntp.SystemVariables;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.BroadcastConfig;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.RateLimitConfig;
import org.noonmark.server.Broadcast;
import org.noonmark.server.NtpServer;
import org.noonmark.status.ClientStatus;
import org.noonmark.status.ServerStatus;
import org.noonmark.time.RealtimeClock;
import org.tinylog.Logger;

/** The NTP server as it is configured, or none. */
final class NtpService implements AutoCloseable {
    private final Optional<NtpServer> server;
    private final AccessFollower access;
    private final Optional<XdpService> xdp;
    private final List<Thread> followers;

    private NtpService(
            Optional<NtpServer> server, AccessFollower access, Optional<XdpService> xdp, List<Thread> followers) {
        this.server = server;
        this.access = access;
        this.xdp = xdp;
        this.followers = followers;
    }

    private static NtpService none(AccessFollower access) {
        return new NtpService(Optional.empty(), access, Optional.empty(), List.of());
    }

    /**
     * Opens the port that {@code config} asks for.
     *
     * @param nts what clients with NTS are answered by
     * @throws UdpSocketException when an address cannot be had
     */
    static NtpService start(
            ApplianceConfig config,
            Supplier<SystemVariables> system,
            RealtimeClock clock,
            ThreadFactory threads,
            NtsProvider nts) {
        AccessFollower access = new AccessFollower(config.accessRules(), InterfaceSubnets::read);
        if (config.port() == 0) {
            Logger.info("NTP is not served: port 0");
            return none(access);
        }
        if (!access.mayAllowAny()) {
            // As chrony: without an allow directive the port stays closed.
            Logger.info("NTP is not served: the configuration has no allow directive");
            return none(access);
        }
        // Its warm-up takes seconds on a small board: not for nothing.
        boolean isNtsServed =
                config.nts().isServed() || config.cookieKeys().directory().isPresent();
        NtpOptions options = isNtsServed ? options(config).withNts(nts) : options(config);
        NtpServer started = open(config, access, options, system, clock, threads);
        Logger.info("NTP is served at {}", words(started.addresses()));
        Optional<XdpService> xdp = XdpService.start(config, started);
        List<Thread> followers = new ArrayList<>();
        if (access.isNeeded()) {
            followers.add(Thread.ofVirtual().name("onlink").start(access));
        }
        if (!access.hostNames().isEmpty()) {
            HostFollower hosts = new HostFollower(access.hostNames(), InetAddress::getAllByName, access::onHosts);
            followers.add(Thread.ofPlatform().daemon().name("hosts").start(hosts));
        }
        if (!config.broadcasts().isEmpty()) {
            started.broadcast(
                    config.broadcasts().stream().map(NtpService::broadcast).toList());
        }
        xdp.ifPresent(way -> followers.add(Thread.ofVirtual().name("xdp").start(way)));
        return new NtpService(Optional.of(started), access, xdp, followers);
    }

    private static NtpServer open(
            ApplianceConfig config,
            Supplier<AccessTable> access,
            NtpOptions options,
            Supplier<SystemVariables> system,
            RealtimeClock clock,
            ThreadFactory threads) {
        List<InetSocketAddress> addresses = addresses(config);
        try {
            return NtpServer.start(addresses, access, options, system, clock, config.ntpCores(), threads);
        } catch (UdpSocketException e) {
            if (!lacksIpv6(e.reason(), config)) {
                throw e;
            }
            Logger.info("this machine has no IPv6: NTP is served by IPv4 alone");
            return NtpServer.start(addresses.subList(0, 1), access, options, system, clock, config.ntpCores(), threads);
        }
    }

    /** The keys that are shared with clients and servers. */
    static List<SymmetricKey> keys(ApplianceConfig config) {
        return config.keys().stream()
                .map(key -> new SymmetricKey(
                        key.id(), MacAlgorithm.valueOf(key.type().name()), key.secret()))
                .toList();
    }

    private static NtpOptions options(ApplianceConfig config) {
        Optional<RateLimit> limit = config.rateLimit()
                .map(l -> new RateLimit(l.intervalLog2Seconds(), l.burst(), l.leakLog2(), l.kodLog2()));
        return new NtpOptions(keys(config), capacity(config), limit, ipv6PrefixBits(config), Optional.empty());
    }

    /** Clients that each thread remembers: those of IPv4, of IPv6, and of each queue that requests are taken from by AF_XDP. */
    static int capacity(ApplianceConfig config) {
        int threads = 2 * Math.max(1, config.ntpCores().size()) + XdpService.queues(config);
        return config.clientLog() ? NtpOptions.capacityOf(config.clientLogBytes(), threads) : 0;
    }

    static int ipv6PrefixBits(ApplianceConfig config) {
        return config.rateLimit().map(RateLimitConfig::ipv6PrefixBits).orElse(128);
    }

    /** Nothing was asked of IPv6, or its loopback alone (as the demo does), and the machine has none. */
    private static boolean lacksIpv6(UdpSocketException.Reason reason, ApplianceConfig config) {
        boolean wantsLoopback = config.bindAddress6()
                .map(address -> address.toString().equals("::1"))
                .orElse(false);
        return switch (reason) {
            case NO_IPV6 -> wantsLoopback || config.bindAddress6().isEmpty();
            case ADDRESS_NOT_AVAILABLE -> wantsLoopback;
            case PORT_BUSY, NO_PERMISSION, OTHER -> false;
        };
    }

    /** The addresses served at; empty when nothing is served. */
    List<InetSocketAddress> addresses() {
        return server.map(NtpServer::addresses).orElse(List.of());
    }

    /** How often each packet thread has gone round; empty when nothing is served. */
    List<Long> rounds() {
        return server.map(NtpServer::rounds).orElse(List.of());
    }

    private List<ClientTable> clients() {
        return server.map(NtpServer::clients).orElse(List.of());
    }

    /** Whether anybody may ever be answered: a host whose address is not known yet, too. */
    boolean mayAllowAny() {
        return access.mayAllowAny();
    }

    /** Who would be answered now. Any thread may ask. */
    AccessTable access() {
        return access.get();
    }

    /** Who has asked, the latest first. Any thread may ask. */
    List<ClientStatus> clientStatus() {
        Map<String, ClientRecord> joined = clients().stream()
                .flatMap(table -> table.records().stream())
                .collect(Collectors.toMap(NtpService::address, client -> client, ClientRecord::joinedWith));
        return joined.entrySet().stream()
                .map(client -> new ClientStatus(client.getKey(), client.getValue()))
                .sorted(Comparator.comparingLong(
                                (ClientStatus client) -> client.record().lastNanos())
                        .reversed())
                .toList();
    }

    private static String address(ClientRecord client) {
        boolean ipv4 = client.high() == 0 && client.low() >>> 32 == 0xffff;
        return new IpAddress(!ipv4, client.high(), ipv4 ? client.low() & 0xffff_ffffL : client.low()).toString();
    }

    /** What has been served. Any thread may ask. */
    ServerStatus status(long commands, long commandsRefused) {
        List<PacketCounters> counters = server.map(NtpServer::counters).orElse(List.of());
        long requests = 0;
        long answered = 0;
        long sendFailures = 0;
        long unstamped = 0;
        long authenticated = 0;
        long sealed = 0;
        long naks = 0;
        long interleaved = 0;
        long stampedInDriver = 0;
        for (PacketCounters counter : counters) {
            requests += counter.received();
            answered += counter.answered();
            sendFailures += counter.sendFailures();
            unstamped += counter.unstamped();
            authenticated += counter.authenticated();
            sealed += counter.sealed();
            naks += counter.ntsNaks();
            interleaved += counter.interleaved();
            stampedInDriver += counter.stampedInDriver();
        }
        long droppedInDriver = xdp.map(XdpService::dropped).orElse(0L);
        List<ServerStatus.Refusal> refusals = new ArrayList<>();
        for (Disposition disposition : Disposition.values()) {
            long count = counters.stream().mapToLong(c -> c.of(disposition)).sum();
            count += disposition == Disposition.OVERLOADED ? droppedInDriver : 0;
            if (disposition != Disposition.ANSWERED && count > 0) {
                refusals.add(new ServerStatus.Refusal(disposition.sentence(), count));
            }
        }
        return new ServerStatus(
                words(addresses()),
                requests + droppedInDriver,
                answered,
                sendFailures,
                refusals,
                clients().stream().mapToInt(ClientTable::clients).sum(),
                authenticated,
                sealed,
                naks,
                interleaved,
                server.map(NtpServer::stampsHeld).orElse(0),
                server.map(NtpServer::stampSpanSeconds).orElse(0),
                clients().stream().mapToLong(ClientTable::forgotten).sum(),
                stampedInDriver,
                requests - unstamped - stampedInDriver,
                unstamped,
                commands,
                commandsRefused);
    }

    @Override
    public void close() {
        followers.forEach(Thread::interrupt);
        xdp.ifPresent(XdpService::close);
        server.ifPresent(NtpServer::close);
    }

    private static Broadcast broadcast(BroadcastConfig line) {
        return new Broadcast(address(Optional.of(line.address()), "", line.port()), line.intervalSeconds());
    }

    private static List<InetSocketAddress> addresses(ApplianceConfig config) {
        return List.of(
                address(config.bindAddress4(), "0.0.0.0", config.port()),
                address(config.bindAddress6(), "::", config.port()));
    }

    private static InetSocketAddress address(Optional<IpAddress> bound, String wildcard, int port) {
        try {
            InetAddress address = bound.isPresent()
                    ? InetAddress.getByAddress(bound.get().toBytes())
                    : InetAddress.ofLiteral(wildcard);
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 bytes is always taken", e);
        }
    }

    /** Addresses as people write them (RFC 5952), with their ports. */
    private static List<String> words(List<InetSocketAddress> addresses) {
        return addresses.stream().map(NtpService::word).toList();
    }

    static String word(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        String shortest = IpAddress.parse(host).map(IpAddress::toString).orElse(host);
        return (shortest.contains(":") ? "[" + shortest + "]" : shortest) + ":" + address.getPort();
    }
}
