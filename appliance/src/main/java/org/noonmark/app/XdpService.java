package org.noonmark.app;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.server.NtpServer;
import org.noonmark.xdp.XdpAttachment;
import org.noonmark.xdp.XdpDescriptors;
import org.noonmark.xdp.XdpException;
import org.noonmark.xdp.XdpRehearsal;
import org.noonmark.xdp.XdpScope;
import org.tinylog.Logger;

/**
 * The way past the kernel's UDP stack on the interface that the owner named: requests to its addresses come by it, also while these come
 * and go. Where it cannot be had the sockets serve alone, and the log says why.
 */
final class XdpService implements AutoCloseable, Runnable {
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    /** The kernel keeps some 900 octets for each. */
    private static final int MOST_CLIENTS = 1 << 14;

    private final String interfaceName;
    private final Predicate<InetAddress> served;
    private final XdpAttachment attachment;
    private Set<XdpAttachment.Address> known = Set.of();
    private boolean blind;
    private boolean gone;

    private XdpService(String interfaceName, Predicate<InetAddress> served, XdpAttachment attachment) {
        this.interfaceName = interfaceName;
        this.served = served;
        this.attachment = attachment;
    }

    /** Adds the way that {@code config} asks for to a running server. */
    static Optional<XdpService> start(ApplianceConfig config, NtpServer server) {
        if (config.xdp().isEmpty()) {
            return Optional.empty();
        }
        String name = config.xdp().get().interfaceName();
        try {
            server.rehearse(XdpRehearsal.open());
            XdpAttachment attachment = attach(config, name);
            XdpService service = new XdpService(name, address -> isServed(config, address), attachment);
            attachment.ways().forEach(server::serveToo);
            service.look();
            Logger.info("NTP requests pass the kernel's UDP stack by: {}", attachment.description());
            return Optional.of(service);
        } catch (XdpException e) {
            Logger.warn("no AF_XDP, the kernel's sockets serve: {}", e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void run() {
        try {
            while (!gone) {
                Thread.sleep(INTERVAL);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Requests that were dropped in the driver, in a flood. */
    long dropped() {
        return attachment.dropped();
    }

    /** Requests go the sockets' way from now on; the packet threads end with the server. */
    @Override
    public void close() {
        attachment.close();
    }

    /** Takes requests to the addresses that the interface has now. What cannot be read or set leaves them to the kernel's sockets. */
    private void look() {
        try {
            NetworkInterface card = NetworkInterface.getByName(interfaceName);
            if (card == null || card.getIndex() != attachment.interfaceIndex()) {
                gone = true;
                Logger.warn("'{}' has gone, and with it AF_XDP; the kernel's sockets serve", interfaceName);
                return;
            }
            Set<XdpAttachment.Address> now = new HashSet<>();
            for (InterfaceAddress each : card.getInterfaceAddresses()) {
                if (served.test(each.getAddress())) {
                    now.add(XdpAttachment.Address.of(each.getAddress()));
                }
            }
            if (!now.equals(known)) {
                attachment.serve(now);
                known = now;
            }
            blind = false;
        } catch (XdpException | SocketException e) {
            if (!blind) {
                Logger.warn("AF_XDP does not know all addresses of '{}': {}", interfaceName, e.getMessage());
            }
            blind = true;
        }
    }

    /** With what this process made while it had the privileges; else as it is. */
    private static XdpAttachment attach(ApplianceConfig config, String name) throws XdpException {
        Optional<XdpDescriptors> made = PrivilegedStart.made(System.getenv());
        return made.isPresent()
                ? XdpAttachment.of(made.get())
                : XdpAttachment.open(name, PrivilegedStart.modes(config), scope(config));
    }

    /** What is to be taken. */
    static XdpScope scope(ApplianceConfig config) {
        int clients = queues(config) * NtpService.capacity(config);
        return new XdpScope(List.of(config.port()), NtpService.ipv6PrefixBits(config), Math.min(clients, MOST_CLIENTS));
    }

    /** Of the interface that requests are to be taken from; 0 when there is none. */
    static int queues(ApplianceConfig config) {
        try {
            return config.xdp().isPresent() && config.port() != 0
                    ? XdpAttachment.queuesOf(config.xdp().get().interfaceName())
                    : 0;
        } catch (XdpException none) {
            // The log says so when it is opened.
            return 0;
        }
    }

    private static boolean isServed(ApplianceConfig config, InetAddress address) {
        Optional<IpAddress> bound = address instanceof Inet4Address ? config.bindAddress4() : config.bindAddress6();
        return bound.isEmpty() || Arrays.equals(bound.get().toBytes(), address.getAddress());
    }
}
