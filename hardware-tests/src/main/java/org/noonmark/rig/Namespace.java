package org.noonmark.rig;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace with nothing but its own loopback, and what it is {@link #join joined} by. A machine in QEMU gets its user-mode network
 * inside it: the ports that QEMU forwards are reachable there, and the machine cannot reach anything else. (QEMU's own {@code restrict=on}
 * would also drop the machine's answers to forwarded UDP.)
 */
final class Namespace implements AutoCloseable {
    private final String name;

    private Namespace(String name) {
        this.name = name;
    }

    /** Makes it; needs root. */
    static Namespace create(String purpose) throws IOException {
        Namespace made = new Namespace(
                "noonmark-" + purpose + "-" + ProcessHandle.current().pid());
        Peers.Output.require("ip", "netns", "add", made.name);
        Peers.Output.require("ip", "netns", "exec", made.name, "ip", "link", "set", "lo", "up");
        return made;
    }

    /** Joins two by a virtual Ethernet, one end of a card in each; both have 10.77.0.N and fd77::N and are up. */
    static void join(Namespace one, String card, Namespace two, String otherCard) throws IOException {
        Peers.Output.require(
                "ip", "link", "add", card, "netns", one.name, "type", "veth", "peer", "name", otherCard, "netns",
                two.name);
        one.setUp(card, 1);
        two.setUp(otherCard, 2);
    }

    /** Joins them all by a switch, which is a namespace of its own: the first has 10.77.0.1 at its card eth0, the next 10.77.0.2. */
    static Namespace join(List<Namespace> all) throws IOException {
        Namespace bridge = create("switch");
        Peers.Output.require("ip", "-n", bridge.name, "link", "add", "switch", "type", "bridge");
        Peers.Output.require("ip", "-n", bridge.name, "link", "set", "switch", "up");
        for (int i = 0; i < all.size(); i++) {
            String port = "port" + i;
            join(all.get(i), "eth0", bridge, port, i + 1);
            Peers.Output.require("ip", "-n", bridge.name, "link", "set", port, "master", "switch", "up");
        }
        return bridge;
    }

    private static void join(Namespace box, String card, Namespace bridge, String port, int host) throws IOException {
        Peers.Output.require(
                "ip",
                "link",
                "add",
                card,
                "netns",
                box.name,
                "type",
                "veth",
                "peer",
                "name",
                port,
                "netns",
                bridge.name);
        box.setUp(card, host);
    }

    /** Gives its loopback one more address. */
    void addAddress(String address) throws IOException {
        boolean ipv6 = address.indexOf(':') >= 0;
        List<String> command = new ArrayList<>(
                List.of("ip", "-n", name, "addr", "add", address + (ipv6 ? "/128" : "/32"), "dev", "lo"));
        if (ipv6) {
            command.add("nodad");
        }
        Peers.Output.require(command.toArray(String[]::new));
    }

    private void setUp(String card, int host) throws IOException {
        Peers.Output.require("ip", "-n", name, "addr", "add", "10.77.0." + host + "/24", "dev", card);
        Peers.Output.require("ip", "-n", name, "addr", "add", "fd77::" + host + "/64", "dev", card, "nodad");
        Peers.Output.require("ip", "-n", name, "link", "set", card, "up");
    }

    /** What to put before a command that shall run inside. */
    List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    /** {@code command}, run inside. */
    ProcessBuilder inside(List<String> command) {
        List<String> whole = new ArrayList<>(prefix());
        whole.addAll(command);
        return new ProcessBuilder(whole);
    }

    @Override
    public void close() throws IOException {
        Peers.Output.require("ip", "netns", "del", name);
    }
}
