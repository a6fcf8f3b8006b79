package org.noonmark.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.noonmark.provisioning.IpAddress;

/**
 * Where this machine can ask itself as a client would, and whether its own rules allow that. A question to one of its own addresses comes from
 * that same address, so the rule for it decides.
 */
final class AskableAddresses {
    /**
     * One of them.
     *
     * @param socket to ask at
     * @param isAllowed whether the allow list lets that address ask; a question that is refused would only be counted as a client's
     */
    record Address(InetSocketAddress socket, boolean isAllowed) {}

    private final List<IpAddress> lan;
    private final Predicate<InetAddress> allowed;

    /**
     * @param lan addresses of this machine on its networks, the dearest of each family first
     * @param allowed whether the allow list answers a client of that address
     */
    AskableAddresses(List<IpAddress> lan, Predicate<InetAddress> allowed) {
        this.lan = List.copyOf(lan);
        this.allowed = allowed;
    }

    /** Of addresses such as {@code 192.168.1.5:123}; for "all addresses" loopback and that of the LAN, in the family which is served there. */
    List<Address> of(List<String> served) {
        return served.stream()
                .flatMap(this::sockets)
                .distinct()
                .map(socket -> new Address(socket, allowed.test(socket.getAddress())))
                .toList();
    }

    /** The first that may be asked. */
    Optional<InetSocketAddress> first(List<String> served) {
        return of(served).stream()
                .filter(Address::isAllowed)
                .map(Address::socket)
                .findFirst();
    }

    private Stream<InetSocketAddress> sockets(String served) {
        int colon = served.lastIndexOf(':');
        String host = served.substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(served.substring(colon + 1));
        boolean all4 = host.equals("0.0.0.0");
        if (!all4 && !host.equals("::")) {
            return Stream.of(new InetSocketAddress(host, port));
        }
        Stream<String> near = lan.stream()
                .filter(each -> each.ipv6() != all4)
                .map(IpAddress::toString)
                .limit(1);
        return Stream.concat(Stream.of(all4 ? "127.0.0.1" : "::1"), near)
                .map(each -> new InetSocketAddress(each, port));
    }
}
