package org.noonmark.certificates;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.noonmark.certificates.DerReader.MalformedException;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.IpPrefix;

/**
 * What an authority may speak for (RFC 5280, section 4.2.1.10), so that whoever trusts a time server's authority trusts it with nothing
 * else: were its key stolen, no bank could be forged with it.
 *
 * @param domains each stands for itself and for every name below it
 * @param networks addresses
 */
public record NameConstraints(List<String> domains, List<IpPrefix> networks) {
    static final String OID = "2.5.29.30";

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /** Names that no public authority may certify: mDNS, and what home routers and offices use (RFC 6762, RFC 8375, ICANN's "internal"). */
    private static final List<String> LOCAL_DOMAINS =
            List.of("local", "localhost", "lan", "home", "home.arpa", "internal");

    /** Addresses that mean another machine in every network: private, shared, link-local and loopback ones. */
    private static final List<IpPrefix> LOCAL_NETWORKS = Stream.of(
                    "10.0.0.0/8",
                    "172.16.0.0/12",
                    "192.168.0.0/16",
                    "100.64.0.0/10",
                    "169.254.0.0/16",
                    "127.0.0.0/8",
                    "fc00::/7",
                    "fe80::/10",
                    "::1/128")
            .map(text -> IpPrefix.parse(text).orElseThrow())
            .toList();

    public NameConstraints {
        domains = List.copyOf(domains);
        networks = List.copyOf(networks);
    }

    /** For an authority that is made for this host: its own name, local names, local addresses. */
    public static NameConstraints ofHost(String hostName) {
        List<String> domains = new ArrayList<>(LOCAL_DOMAINS);
        String name = hostName.toLowerCase(Locale.ROOT);
        if (LOCAL_DOMAINS.stream().noneMatch(domain -> isWithin(name, domain))) {
            domains.add(name);
        }
        return new NameConstraints(domains, LOCAL_NETWORKS);
    }

    /** Those in an authority's certificate; none where it has none, or none that can be read: then it may speak for nothing. */
    static NameConstraints of(X509Certificate authority) {
        List<String> domains = new ArrayList<>();
        List<IpPrefix> networks = new ArrayList<>();
        byte @Nullable [] extension = authority.getExtensionValue(OID);
        if (extension != null) {
            try {
                DerReader permitted = new DerReader(new DerReader(extension).content(Der.OCTET_STRING))
                        .enter(Der.SEQUENCE)
                        .enter(0xa0);
                while (permitted.hasMore()) {
                    DerReader name = permitted.enter(Der.SEQUENCE);
                    if (name.peek() == (0x80 | DNS_NAME)) {
                        domains.add(new String(name.content(0x80 | DNS_NAME), StandardCharsets.US_ASCII));
                    } else {
                        networks.add(network(name.content(0x80 | IP_ADDRESS)));
                    }
                }
            } catch (MalformedException e) {
                return new NameConstraints(List.of(), List.of());
            }
        }
        return new NameConstraints(domains, networks);
    }

    /** The value of the extension. */
    byte[] der() {
        byte[][] subtrees = Stream.concat(
                        domains.stream().map(domain -> Der.sequence(GeneralName.dns(domain))),
                        networks.stream().map(network -> Der.sequence(Der.implicit(IP_ADDRESS, octets(network)))))
                .toArray(byte[][]::new);
        return Der.sequence(Der.explicit(0, subtrees));
    }

    /** Whether a certificate of the authority may name this host. */
    public boolean permit(String hostName) {
        return domains.stream().anyMatch(domain -> isWithin(hostName.toLowerCase(Locale.ROOT), domain));
    }

    /** Whether a certificate of the authority may name this address. */
    public boolean permit(IpAddress address) {
        byte[] octets = address.toBytes();
        return networks.stream().anyMatch(network -> isWithin(octets, octets(network)));
    }

    private static boolean isWithin(String name, String domain) {
        return name.equals(domain) || name.endsWith("." + domain);
    }

    private static boolean isWithin(byte[] address, byte[] networkAndMask) {
        if (networkAndMask.length != 2 * address.length) {
            return false;
        }
        for (int i = 0; i < address.length; i++) {
            if ((address[i] & networkAndMask[address.length + i]) != networkAndMask[i]) {
                return false;
            }
        }
        return true;
    }

    /** Network and mask, one behind the other. */
    private static byte[] octets(IpPrefix network) {
        byte[] address = network.network().toBytes();
        byte[] octets = Arrays.copyOf(address, 2 * address.length);
        for (int bit = 0; bit < network.length(); bit++) {
            octets[address.length + bit / 8] |= (byte) (0x80 >> (bit % 8));
        }
        return octets;
    }

    private static IpPrefix network(byte[] octets) throws MalformedException {
        if (octets.length != 8 && octets.length != 32) {
            throw new MalformedException("a network of " + octets.length + " octets");
        }
        int half = octets.length / 2;
        int length = 0;
        for (int i = half; i < octets.length; i++) {
            length += Integer.bitCount(octets[i] & 0xff);
        }
        return IpPrefix.of(Arrays.copyOf(octets, half), length);
    }
}
