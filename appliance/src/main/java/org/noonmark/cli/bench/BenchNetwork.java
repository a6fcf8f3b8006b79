package org.noonmark.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Two network namespaces of our own that are joined by a virtual Ethernet, with nothing else in them: servers in one, on core 0 (and up),
 * clients in the other, on another core. What arrives for the servers is received on their core. They vanish when this is closed. Needs
 * root.
 */
final class BenchNetwork implements AutoCloseable {
    static final String SERVER_CARD = "vs";
    static final String CLIENT_CARD = "vg";
    static final String SERVER_ADDRESS = "10.77.0.1";
    private static final String CLIENT_ADDRESS = "10.77.0.2";
    static final String CLIENTS = "10.128.0.0/9";

    private final String servers;
    private final String clients;

    private final int cores;
    private final boolean urgent;

    private BenchNetwork(String servers, String clients, int cores, boolean urgent) {
        this.urgent = urgent;
        this.cores = cores;
        this.servers = servers;
        this.clients = clients;
    }

    /**
     * Makes it.
     *
     * @param cores of the servers, from core 0; the clients have core 1, or the one after them where there is one
     * @param urgent whether all run before whatever else the machine does (SCHED_RR)
     */
    static BenchNetwork create(int cores, boolean urgent) throws IOException {
        long pid = ProcessHandle.current().pid();
        BenchNetwork network = new BenchNetwork("noonmark-s" + pid, "noonmark-c" + pid, cores, urgent);
        run("ip", "netns", "add", network.servers);
        run("ip", "netns", "add", network.clients);
        run(("ip link add " + SERVER_CARD + " netns " + network.servers + " type veth peer name " + CLIENT_CARD
                        + " netns " + network.clients)
                .split(" ", -1));
        network.inServers("ip addr add " + SERVER_ADDRESS + "/24 dev " + SERVER_CARD);
        network.inServers("ip link set lo up");
        network.inServers("ip link set " + SERVER_CARD + " up");
        network.inClients("ip link set " + CLIENT_CARD + " up");
        network.inServers("ip neigh add " + CLIENT_ADDRESS + " lladdr " + network.clientMac() + " dev " + SERVER_CARD);
        network.inServers("ip route add " + CLIENTS + " via " + CLIENT_ADDRESS);
        network.receiveOnServersCore();
        return network;
    }

    String serverMac() throws IOException {
        return inServers("cat /sys/class/net/" + SERVER_CARD + "/address");
    }

    /** Without a driver's queue in between the kernel hands packets to another core by this (RPS). */
    void receiveOnServersCore() throws IOException {
        inServers("tee /sys/class/net/" + SERVER_CARD + "/queues/rx-0/rps_cpus", Integer.toHexString((1 << cores) - 1));
    }

    /**
     * With an XDP program the virtual driver has a queue, and a thread of the kernel that can be moved (threaded NAPI).
     *
     * @param first whether it runs before the servers, as a card's driver does. The thread then interrupts them for each packet by itself,
     *     which no card does and costs half of the rate: for floods, in which there is no such moment
     */
    void receiveXdpOnServersCore(boolean first) throws IOException {
        thread(true);
        for (ProcessHandle each : ProcessHandle.allProcesses().toList()) {
            if (isDriverThread(each.pid())) {
                run("taskset", "-cp", serversCores(), Long.toString(each.pid()));
                if (first || urgent) {
                    run("chrt", "-r", "-p", first ? "2" : "1", Long.toString(each.pid()));
                }
            }
        }
    }

    /** Where the sender's core receives, as without {@link #receiveXdpOnServersCore}: the next program's queue would have a thread at once. */
    void receiveXdpAsItComes() throws IOException {
        thread(false);
    }

    private void thread(boolean own) throws IOException {
        inServers("tee /sys/class/net/" + SERVER_CARD + "/threaded", own ? "1" : "0");
    }

    private static boolean isDriverThread(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).startsWith("napi/" + SERVER_CARD + "-");
        } catch (IOException gone) {
            return false;
        }
    }

    /** What to put before the command of a server. */
    List<String> serverPrefix() {
        return prefix(servers, serversCores());
    }

    /** What to put before the command of the clients. */
    List<String> clientPrefix() {
        int clientsCore = Math.max(1, Math.min(cores, Runtime.getRuntime().availableProcessors() - 1));
        return prefix(clients, Integer.toString(clientsCore));
    }

    private List<String> prefix(String namespace, String onCores) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "taskset", "-c", onCores));
        if (urgent) {
            words.addAll(List.of("chrt", "-r", "1"));
        }
        return words;
    }

    private String serversCores() {
        return "0-" + (cores - 1);
    }

    @Override
    public void close() throws IOException {
        run("ip", "netns", "del", servers);
        run("ip", "netns", "del", clients);
    }

    private String clientMac() throws IOException {
        return inClients("cat /sys/class/net/" + CLIENT_CARD + "/address");
    }

    private String inServers(String command) throws IOException {
        return inServers(command, "");
    }

    private String inServers(String command, String input) throws IOException {
        return inside(servers, command, input);
    }

    private String inClients(String command) throws IOException {
        return inside(clients, command, "");
    }

    private static String inside(String namespace, String command, String input) throws IOException {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        words.addAll(List.of(command.split(" ", -1)));
        return feed(words, input);
    }

    private static void run(String... command) throws IOException {
        feed(List.of(command), "");
    }

    private static String feed(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (process.waitFor() != 0) {
                throw new IOException("'" + String.join(" ", command) + "' failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return said;
    }
}
