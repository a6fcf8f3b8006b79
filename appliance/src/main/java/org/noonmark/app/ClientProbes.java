package org.noonmark.app;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.noonmark.doctor.MachineFacts.Dhcp;
import org.noonmark.doctor.MachineFacts.KeyAnswer;
import org.noonmark.doctor.MachineFacts.Lookup;
import org.noonmark.doctor.MachineFacts.Probes;
import org.noonmark.doctor.MachineFacts.TimeAnswer;
import org.noonmark.doctor.MachineFacts.TimeAnswer.Outcome;
import org.noonmark.linux.LinuxTime;
import org.noonmark.nts.Aead;
import org.noonmark.nts.NtsClient;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.IpPrefix;
import org.noonmark.provisioning.ServerRules;
import org.noonmark.sources.NtsKeys;
import org.noonmark.status.DaemonAccount;

/** Asks as clients do: for time over loopback and over the LAN's address, for keys, for names, and the LAN's DHCP servers for an offer. */
public final class ClientProbes {
    private static final int TIMES = 3;
    private static final int MOST_NAMES = 5;
    private static final long NAME_PATIENCE_SECONDS = 5;
    private static final int ANSWER_MILLIS = 1000;
    private static final int LONGEST_ANSWER = 2048;
    private static final int NTP_PORT = 123;

    private ClientProbes() {}

    /** Nobody was asked anything. */
    public static Probes none(String why) {
        return new Probes(new Dhcp.NotAsked(why), List.of(), List.of(), Optional.empty());
    }

    /**
     * Asks all of it; half a minute at most, most often five.
     *
     * @param account tells where time and keys are had; empty: at the usual port, if {@code config} says so
     * @param config tells which names are needed; empty: none
     */
    public static Probes ask(Optional<DaemonAccount> account, Optional<ApplianceConfig> config) {
        List<String> served = account.map(DaemonAccount::ntp)
                .orElseGet(() -> config.map(each -> each.port() == NTP_PORT).orElse(false)
                        ? List.of("0.0.0.0:" + NTP_PORT)
                        : List.of());
        boolean onlyHere = served.stream().allMatch(ClientProbes::isLoopback);
        FutureTask<Dhcp> dhcp = new FutureTask<>(
                () -> onlyHere ? new Dhcp.NotAsked("time is served to nobody on the LAN") : DhcpProbe.ask());
        Thread.ofVirtual().name("dhcp").start(dhcp);
        List<Asked> names = config.map(ClientProbes::names).orElse(Set.of()).stream()
                .map(ClientProbes::lookUp)
                .toList();
        AskableAddresses own = new AskableAddresses(HostNames.ofTheLan(), allowed(config, names));
        List<TimeAnswer> times = own.of(served).stream().map(ClientProbes::time).toList();
        Optional<KeyAnswer> keys = account.flatMap(each -> own.first(each.nts()).map(at -> keys(at, each, own)));
        return new Probes(result(dhcp), names.stream().map(Asked::lookup).toList(), times, keys);
    }

    /** A name and its addresses; none: it has not been found. */
    private record Asked(String name, List<InetAddress> addresses) {
        Lookup lookup() {
            return new Lookup(name, !addresses.isEmpty());
        }

        Set<IpPrefix> prefixes() {
            return addresses.stream()
                    .flatMap(each -> IpPrefix.parse(HostNames.shown(each)).stream())
                    .collect(Collectors.toSet());
        }
    }

    private static Dhcp result(FutureTask<Dhcp> dhcp) {
        try {
            return dhcp.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Dhcp.NotAsked("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isLoopback(String served) {
        return served.startsWith("127.") || served.startsWith("[::1]");
    }

    /** Whether the rules let an address ask; when they cannot be told, all of them may. */
    private static Predicate<InetAddress> allowed(Optional<ApplianceConfig> config, List<Asked> names) {
        if (config.isEmpty()) {
            return _ -> true;
        }
        try {
            return AccessFollower.answers(
                    config.get().accessRules(),
                    InterfaceSubnets.read(),
                    names.stream()
                            .filter(each -> !each.addresses().isEmpty())
                            .collect(Collectors.toMap(Asked::name, Asked::prefixes)));
        } catch (SocketException e) {
            return _ -> true; // the kernel does not tell now; then answers must
        }
    }

    private static TimeAnswer time(AskableAddresses.Address asked) {
        InetSocketAddress server = asked.socket();
        Outcome outcome = asked.isAllowed() ? Outcome.NONE : Outcome.DENIED;
        try {
            for (int i = 0; i < TIMES && outcome == Outcome.NONE; i++) {
                outcome = NtpQuery.ask(server)
                        .map(answer -> answer.isSynchronised() ? Outcome.SYNCHRONISED : Outcome.UNSYNCHRONISED)
                        .orElse(Outcome.NONE);
            }
        } catch (IOException e) {
            outcome = Outcome.NONE; // no route: as a client finds it
        }
        InetAddress address = server.getAddress();
        String host = HostNames.shown(address);
        return new TimeAnswer(
                (host.contains(":") ? "[" + host + "]" : host) + ":" + server.getPort(),
                address.isLoopbackAddress(),
                outcome);
    }

    /** Keys by the name that the certificate has, from this machine's own address; then time with them. */
    private static KeyAnswer keys(InetSocketAddress at, DaemonAccount account, AskableAddresses own) {
        String name = account.ntsNames().stream().findFirst().orElse("localhost");
        SecureRandom random = new SecureRandom();
        try {
            Path authority = Files.createTempFile("noonmark-doctor", ".pem");
            try {
                Files.writeString(authority, account.authority());
                var trust = new ServerTrust(
                        new ServerRules.Trust(
                                account.authority().isEmpty()
                                        ? List.of()
                                        : List.of(new ServerRules.Certificates(0, authority.toString())),
                                true,
                                0),
                        LinuxTime::realtimeNanos,
                        () -> true);
                var client = new NtsKeyClient(trust, List.of(Aead.AES_SIV_CMAC_256), SourcesService::find, random);
                return switch (client.establish(name, at, 0, true)) {
                    case NtsKeyClient.Outcome.Failure failure -> new KeyAnswer(name, failure.why());
                    case NtsKeyClient.Outcome.Keys keys ->
                        new KeyAnswer(name, authenticated(keys.keys(), account, own, random));
                };
            } finally {
                Files.deleteIfExists(authority);
            }
        } catch (IOException e) {
            return new KeyAnswer(name, "this machine cannot ask: " + e.getMessage());
        }
    }

    /** Whether time comes with those keys; empty: it does. */
    private static String authenticated(NtsKeys keys, DaemonAccount account, AskableAddresses own, SecureRandom random)
            throws IOException {
        if (keys.ntpAddress().isPresent()) {
            return ""; // they are for another server
        }
        int port = keys.ntpPort() != 0 ? keys.ntpPort() : NTP_PORT;
        List<String> served =
                account.ntp().stream().filter(each -> each.endsWith(":" + port)).toList();
        if (served.isEmpty()) {
            return "clients are sent to UDP port " + port + ", where no time is served";
        }
        Optional<InetSocketAddress> at = own.first(served);
        if (at.isEmpty()) {
            return ""; // the rules leave this machine out there; others may be answered
        }
        NtsClient client = new NtsClient(keys.aead(), keys.c2s(), keys.s2c(), random);
        byte[] request = client.request(keys.cookies().getFirst(), 0, random.nextLong());
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(at.get());
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.send(new DatagramPacket(request, request.length));
            DatagramPacket answer = new DatagramPacket(new byte[LONGEST_ANSWER], LONGEST_ANSWER);
            socket.receive(answer);
            byte[] heard = Arrays.copyOf(answer.getData(), answer.getLength());
            return client.open(heard, request).isPresent()
                    ? ""
                    : "the answer to a request with these keys is not authentic";
        } catch (IOException e) {
            return "keys were had, but no answer to a request with them (" + e.getMessage() + ")";
        }
    }

    private static Set<String> names(ApplianceConfig config) {
        Set<String> names = new LinkedHashSet<>();
        config.servers().stream()
                .map(each -> each.name())
                .filter(each -> IpAddress.parse(each).isEmpty())
                .limit(MOST_NAMES)
                .forEach(names::add);
        AccessFollower.hostNames(config.accessRules()).stream()
                .sorted()
                .limit(MOST_NAMES)
                .forEach(names::add);
        return names;
    }

    private static Asked lookUp(String name) {
        FutureTask<List<InetAddress>> asked = new FutureTask<>(() -> SourcesService.find(name));
        Thread.ofPlatform().daemon().name("lookup").start(asked);
        try {
            return new Asked(name, asked.get(NAME_PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Asked(name, List.of());
        } catch (ExecutionException | TimeoutException e) {
            return new Asked(name, List.of());
        }
    }
}
