package org.noonmark.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.noonmark.certificates.ServerNames;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.IpPrefix;
import org.noonmark.sources.SourceAddress;

/** What this machine is called, and its addresses, as the kernel has them now. */
public final class HostNames {
    private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");
    /** What a certificate may hold and a client may ask for; RFC 1123, and underscores nowhere. */
    private static final Pattern FORM =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

    private HostNames() {}

    /** The host's name in lower case; {@code noonmark} where it has none that a certificate could bear. */
    static String hostName() {
        try {
            String name = Files.readString(HOSTNAME).strip().toLowerCase(Locale.ROOT);
            return FORM.matcher(name).matches() ? name : "noonmark";
        } catch (IOException e) {
            return "noonmark";
        }
    }

    /** All names: by mDNS first, which works without any name server. */
    static ServerNames read() {
        String name = hostName();
        int dot = name.indexOf('.');
        Set<String> names = new LinkedHashSet<>();
        names.add((dot < 0 ? name : name.substring(0, dot)) + ".local");
        names.add(name);
        names.add("localhost");
        return new ServerNames(names, addresses());
    }

    /**
     * The addresses by which the LAN can ask this machine, IPv4 before IPv6; of IPv6 the unique local ones (RFC 4193) where there are any,
     * as the provider may change the others.
     */
    public static List<IpAddress> ofTheLan() {
        List<IpAddress> all = addresses().stream()
                .filter(each -> !inet(each).isLoopbackAddress() && !inet(each).isLinkLocalAddress())
                .toList();
        boolean unique = all.stream().anyMatch(HostNames::isUniqueLocal);
        return Stream.concat(
                        all.stream().filter(each -> !each.ipv6()),
                        all.stream().filter(each -> each.ipv6() && (!unique || isUniqueLocal(each))))
                .toList();
    }

    /** What servers that follow this machine may call their reference (RFC 5905, section 7.3). */
    static Set<Integer> referenceIds() {
        return addresses().stream()
                .filter(each -> !inet(each).isLoopbackAddress())
                .map(each -> SourceAddress.referenceIdOf(each.toBytes()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean isUniqueLocal(IpAddress address) {
        return address.ipv6() && address.high() >>> 57 == 0xfc >> 1;
    }

    private static InetAddress inet(IpAddress address) {
        try {
            return InetAddress.getByAddress(address.toBytes());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of neither 4 nor 16 bytes", e);
        }
    }

    /** As people write it, {@code ::1} for short. */
    static String shown(InetAddress address) {
        return IpPrefix.of(address.getAddress(), 8 * address.getAddress().length)
                .network()
                .toString();
    }

    private static Set<IpAddress> addresses() {
        Set<IpAddress> addresses = new LinkedHashSet<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InterfaceAddress address : each.getInterfaceAddresses()) {
                    InetAddress inet = address.getAddress();
                    // Those of a link need its name behind them, which no certificate knows.
                    if (!inet.isLinkLocalAddress() || inet.getAddress().length == 4) {
                        addresses.add(IpPrefix.of(inet.getAddress(), 8 * inet.getAddress().length)
                                .network());
                    }
                }
            }
        } catch (SocketException e) {
            // The kernel does not tell now; the next look may have more.
            return addresses;
        }
        return addresses;
    }
}
