package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.LocalAuthority;
import org.noonmark.certificates.ServerNames;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.Disposition;
import org.noonmark.ntp.NtpExchange;
import org.noonmark.ntp.NtpOptions;
import org.noonmark.ntp.NtpResponder;
import org.noonmark.nts.Aead;
import org.noonmark.nts.KeNegotiation;
import org.noonmark.nts.NtsClient;
import org.noonmark.nts.NtsSupply;
import org.noonmark.provisioning.CookieKeysConfig;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.NtsConfig;
import org.noonmark.server.KeClient;
import org.noonmark.server.KeOptions;
import org.noonmark.server.KeOutcome;
import org.noonmark.server.KeyEstablishmentServer;
import org.noonmark.status.NtsStatus;

/** What is served, and said, with which files and with which knowledge of the date. */
class NtsIdentityTest {
    private static final Instant TODAY = Instant.parse("2026-11-22T12:00:00Z");
    private static final Optional<Instant> UNPROVEN = Optional.empty();
    private static final ServerNames NAMES = new ServerNames(Set.of("noonmark.local", "localhost"), Set.of());

    @TempDir
    private Path folder;

    // The boot matrix: what is kept on the card, against what is known of the date. The clock itself is never asked: no
    // RTC and one that is
    // wrong by ten years are the same, until the receiver has proven the time.

    @Test
    void theFirstStartWaitsForTheDateAndThenServesByItself() {
        NtsIdentity first = builtIn();
        first.look(UNPROVEN);
        assertNull(first.context());
        assertEquals(NtsIdentity.WAITING, first.account().waiting());
        assertFalse(Files.exists(folder.resolve("authority.pem")), "nothing is made with a date that nobody knows");
        first.look(Optional.of(TODAY));
        assertNotNull(first.context());
        assertEquals("", first.account().waiting());
        NtsStatus.Certificate made = first.account().certificates().getFirst();
        assertEquals(Set.of("noonmark.local", "localhost"), Set.copyOf(made.names()));
        assertTrue(made.notBeforeSeconds() < TODAY.getEpochSecond() && TODAY.getEpochSecond() < made.notAfterSeconds());
        assertTrue(first.account().authority().isPresent());
    }

    @Test
    void aLaterStartServesAtOnceWithWhatWasKept() {
        LookedAfter first = lookedAfter(builtIn(), Optional.of(TODAY));
        LookedAfter second = lookedAfter(builtIn(), UNPROVEN);
        assertEquals(first.certificates(), second.certificates());
        assertEquals(List.of(), second.troubles());
        // The date, once proven, changes nothing.
        assertEquals(
                first.certificates(), lookedAfter(builtIn(), Optional.of(TODAY)).certificates());
    }

    @Test
    void aBoxThatWasOffForTenYearsServesAtOnceAndRenewsWhenTheDateIsKnown() {
        LookedAfter before = lookedAfter(builtIn(), Optional.of(TODAY));
        NtsIdentity now = builtIn();
        now.look(UNPROVEN);
        assertEquals(before.certificates(), now.account().certificates(), "clients judge it by their own clocks");
        now.look(Optional.of(TODAY.plus(Duration.ofDays(3_650))));
        NtsStatus.Certificate renewed = now.account().certificates().getFirst();
        assertTrue(
                renewed.notAfterSeconds() > TODAY.plus(Duration.ofDays(3_650)).getEpochSecond());
        assertEquals(before.authority(), now.account().authority(), "clients need not be told anything");
    }

    @Test
    void withoutNetworkTheCertificateIsForTheNamesAndGrowsWithTheAddresses() {
        ServerNames alone = new ServerNames(Set.of("noonmark.local"), Set.of());
        List<ServerNames> now = new ArrayList<>(List.of(alone));
        NtsIdentity identity = new NtsIdentity(config(List.of(), true), now::getLast, () -> "noonmark");
        identity.look(Optional.of(TODAY));
        assertEquals(
                List.of("noonmark.local"),
                identity.account().certificates().getFirst().names());
        now.add(new ServerNames(
                Set.of("noonmark.local"), Set.of(IpAddress.parse("192.168.7.8").orElseThrow())));
        identity.look(Optional.of(TODAY));
        assertEquals(
                List.of("noonmark.local", "192.168.7.8"),
                identity.account().certificates().getFirst().names());
    }

    @Test
    void anOwnersCertificateThatHasEndedIsServedAndSaidOnceTheDateIsKnown() throws Exception {
        write("a.pem", pair("time.example.net", TODAY.minus(Duration.ofDays(800))));
        NtsIdentity identity = new NtsIdentity(config(List.of("a.pem"), false), () -> NAMES, () -> "noonmark");
        identity.look(UNPROVEN);
        assertNotNull(identity.context());
        assertEquals(List.of(), identity.account().troubles());
        identity.look(Optional.of(TODAY));
        assertNotNull(identity.context());
        String said = identity.account().troubles().getFirst();
        assertTrue(said.contains("the certificate ended on 2025-09-14 and clients refuse it: put a new one"), said);
        write("a.pem", pair("time.example.net", TODAY));
        identity.look(Optional.of(TODAY));
        assertEquals(List.of(), identity.account().troubles());
    }

    @Test
    void whatCannotBeUsedIsSaidWithItsCureAndTheRestIsServed() throws Exception {
        write("good.pem", pair("good.example.net", TODAY));
        write("noise.pem", "no PEM at all\n");
        NtsIdentity identity = new NtsIdentity(
                config(List.of("good.pem", "noise.pem", "absent.pem"), true), () -> NAMES, () -> "noonmark");
        identity.look(Optional.of(TODAY));
        assertEquals(2, identity.account().certificates().size());
        List<String> troubles = identity.account().troubles();
        assertEquals(2, troubles.size(), troubles.toString());
        assertTrue(troubles.get(0).contains("noise.pem: no certificate in it"), troubles.get(0));
        assertTrue(troubles.get(1).contains("absent.pem: there is no such file: put it there"), troubles.get(1));
    }

    @Test
    void aKeyOfAnotherCertificateIsSaidAndThePairBeforeItIsServedOn() throws Exception {
        String first = pair("time.example.net", TODAY);
        write("cert.pem", first);
        write("key.pem", first);
        NtsConfig.Pair files = new NtsConfig.Pair(
                folder.resolve("cert.pem").toString(), folder.resolve("key.pem").toString());
        OwnersPair pair = new OwnersPair(files);
        pair.look();
        CertifiedKey before = pair.current().orElseThrow();
        String second = pair("time.example.net", TODAY);
        write("cert.pem", second);
        pair.look();
        assertEquals(Optional.of(before), pair.current());
        assertTrue(
                pair.trouble().orElse("").contains("the key is not that of the certificate"), pair.trouble()::toString);
        write("key.pem", second);
        pair.look();
        assertFalse(pair.current().equals(Optional.of(before)));
        assertEquals(Optional.empty(), pair.trouble());
    }

    @Test
    void secretsAreTheDaemonsAlone() throws IOException {
        lookedAfter(builtIn(), Optional.of(TODAY));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("authority.pem"))));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("server.pem"))));
        assertEquals(
                "rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca.pem"))));
    }

    @Test
    void aDamagedAuthorityIsKeptAsideAndANewOneMadeWhichIsSaidUntilClientsKnowIt() throws IOException {
        LookedAfter before = lookedAfter(builtIn(), Optional.of(TODAY));
        Files.writeString(folder.resolve("authority.pem"), "worn out");
        LookedAfter after = lookedAfter(builtIn(), Optional.of(TODAY));
        assertFalse(before.authority().equals(after.authority()));
        assertTrue(Files.exists(folder.resolve("authority.pem.damaged")));
        LookedAfter later = lookedAfter(builtIn(), UNPROVEN);
        assertTrue(later.troubles().getFirst().contains("give them the new one ('noonmark nts client')"));
        assertEquals(before.authority().orElseThrow().pem(), Files.readString(folder.resolve("ca.pem.before")));
        Files.delete(folder.resolve("ca.pem.before"));
        assertEquals(List.of(), lookedAfter(builtIn(), UNPROVEN).troubles());
    }

    @Test
    void aFolderThatCannotBeReadIsLeftAloneAndReadOnceItCan() throws IOException {
        LookedAfter before = lookedAfter(builtIn(), Optional.of(TODAY));
        Path authority = folder.resolve("authority.pem");
        Files.move(authority, folder.resolve("elsewhere"));
        Files.createDirectory(authority);
        NtsIdentity identity = builtIn();
        LookedAfter closed = lookedAfter(identity, Optional.of(TODAY));
        assertEquals(List.of(), closed.certificates());
        assertTrue(closed.troubles().getFirst().contains("the authority cannot be read"), closed.troubles()::toString);
        Files.delete(authority);
        Files.move(folder.resolve("elsewhere"), authority);
        assertEquals(before, lookedAfter(identity, Optional.of(TODAY)));
    }

    @Test
    void aHostWithAnotherNameHasItsLocalNameAndAddressesCertifiedAtOnceAndIsToldWhatCannotBe() {
        ServerNames first = new ServerNames(Set.of("noonmark.local", "noonmark"), Set.of());
        IpAddress address = IpAddress.parse("192.168.7.8").orElseThrow();
        ServerNames second = new ServerNames(Set.of("clock.local", "clock.example.net"), Set.of(address));
        List<ServerNames> now = new ArrayList<>(List.of(first));
        NtsIdentity identity = new NtsIdentity(config(List.of(), true), now::getLast, () -> "noonmark");
        LookedAfter before = lookedAfter(identity, Optional.of(TODAY));
        now.add(second);
        LookedAfter after = lookedAfter(identity, Optional.of(TODAY));
        assertEquals(
                List.of("clock.local", "192.168.7.8"),
                after.certificates().getFirst().names());
        assertEquals(before.authority(), after.authority(), "clients that know it go on by the new local name");
        String said = after.troubles().getFirst();
        assertTrue(said.contains("may not certify 'clock.example.net': let clients ask for clock.local"), said);
        now.add(new ServerNames(Set.of("clock.local", "clock"), Set.of(address)));
        assertEquals(
                List.of(), lookedAfter(identity, Optional.of(TODAY)).troubles(), "a name without a domain is local");
    }

    /** An RSA key that is too short for TLS 1.3. */
    @Test
    void aPairThatTlsDoesNotTakeIsTriedOnceAndSaidUntilItIsReplaced() throws Exception {
        try (InputStream in = NtsIdentityTest.class.getResourceAsStream("rsa-512.pem")) {
            write("odd.pem", new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        }
        NtsIdentity identity = new NtsIdentity(config(List.of("odd.pem"), true), () -> NAMES, () -> "noonmark");
        for (int i = 0; i < 2; i++) {
            LookedAfter odd = lookedAfter(identity, Optional.of(TODAY));
            assertEquals(1, odd.certificates().size());
            assertTrue(odd.troubles().getFirst().contains("TLS 1.3 does not take it"), odd.troubles()::toString);
        }
        write("odd.pem", pair("time.example.net", TODAY));
        assertEquals(2, lookedAfter(identity, Optional.of(TODAY)).certificates().size());
    }

    /**
     * Certificate and key come one after the other, as programs that renew them write them; clients come all the time, and the keys of their
     * cookies are rotated once between. All cookies are spent at the end.
     */
    @Test
    void aHundredReplacementsUnderLoadCostNoHandshakeAndNoCookie() throws Exception {
        Instant now = Instant.now();
        LocalAuthority authority = LocalAuthority.make("localhost", now);
        write("cert.pem", LocalAuthority.text(authority.issue(NAMES, now)));
        Files.copy(folder.resolve("cert.pem"), folder.resolve("key.pem"));
        NtsConfig config = config(new NtsConfig.Pair(
                folder.resolve("cert.pem").toString(), folder.resolve("key.pem").toString()));
        NtsIdentity identity = new NtsIdentity(config, () -> NAMES, () -> "noonmark");
        identity.look(Optional.of(now));
        CookieKeyring keyring = new CookieKeyring(
                new CookieKeysConfig(Optional.of(folder.toString()), 604_800),
                new SecureRandom(),
                OptionalLong::empty,
                LinuxTime::monotonicNanos);
        NtsSupply supply = new NtsSupply(keyring, new SecureRandom());
        try (KeyEstablishmentServer server = serve(identity, supply)) {
            InetSocketAddress at = new InetSocketAddress(
                    InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}),
                    server.addresses().getFirst().getPort());
            Load load = new Load(new KeClient(authority.certificate()), at);
            List<Thread> clients =
                    List.of(Thread.ofVirtual().start(load), Thread.ofVirtual().start(load));
            for (int i = 0; i < 100; i++) {
                String next = LocalAuthority.text(authority.issue(NAMES, now));
                write("cert.pem", next);
                identity.look(Optional.of(now));
                write("key.pem", next);
                identity.look(Optional.of(now));
                assertEquals(List.of(), identity.account().troubles());
                // Where signing is quick, the replacements would be over before the clients have come.
                load.awaitExchanges(i / 4);
                if (i == 50) {
                    keyring.rekey();
                }
            }
            // The load has seen the last one, too.
            load.awaitExchanges(load.good.size() + 4);
            load.ended = true;
            for (Thread each : clients) {
                each.join();
            }
            assertEquals(List.of(), List.copyOf(load.bad), "failed exchanges beside " + load.good.size());
            assertTrue(load.good.size() > 20, "exchanges: " + load.good.size());
            assertEquals(0, server.ended(KeOutcome.TLS_FAILED) + server.ended(KeOutcome.FAULT));
            assertEquals(0, lost(List.copyOf(load.good), supply), "cookies that open no more");
            keyring.rekey();
            keyring.rekey();
            keyring.rekey();
            assertTrue(lost(List.copyOf(load.good), supply) > 0, "three rotations are more than the server remembers");
        }
    }

    /** Whoever was given keys asks for the time with each cookie. */
    private static long lost(List<KeClient.Keys> given, NtsSupply supply) {
        AccessTable everyone = new AccessTable(List.of(AccessRule.everyone(true, false, "allow")));
        NtpResponder responder = new NtpResponder(() -> everyone, NtpOptions.PLAIN.withNts(supply), 1);
        NtpExchange exchange = new NtpExchange();
        long lost = 0;
        for (KeClient.Keys keys : given) {
            NtsClient client = new NtsClient(Aead.AES_SIV_CMAC_256, keys.c2s(), keys.s2c(), new Random(1));
            for (byte[] cookie : keys.cookies()) {
                byte[] request = client.request(cookie, 0, 1);
                exchange.datagram(ByteBuffer.wrap(request), 0, request.length, false)
                        .from(0, 0xffff_c0a8_0007L, 40_000)
                        .to(0, 0xffff_c0a8_0001L, 123)
                        .receivedAt(1_794_321_000_000_000_000L);
                lost += responder.respond(exchange) == Disposition.ANSWERED && exchange.isSealed() ? 0 : 1;
            }
        }
        return lost;
    }

    private static final class Load implements Runnable {
        private final KeClient client;
        private final InetSocketAddress at;
        private final Queue<KeClient.Keys> good = new ConcurrentLinkedQueue<>();
        private final Queue<String> bad = new ConcurrentLinkedQueue<>();
        private volatile boolean ended;

        Load(KeClient client, InetSocketAddress at) {
            this.client = client;
            this.at = at;
        }

        /** Until so many are good, or one is bad. */
        void awaitExchanges(int exchanges) throws InterruptedException {
            while (good.size() < exchanges && bad.isEmpty()) {
                Thread.sleep(1);
            }
        }

        @Override
        public void run() {
            while (!ended) {
                try {
                    KeClient.Keys keys = client.exchange(at, KeClient.AEAD_15);
                    if (keys.cookies().size() == KeNegotiation.COOKIES) {
                        good.add(keys);
                    } else {
                        bad.add("cookies: " + keys.cookies().size());
                    }
                } catch (IOException e) {
                    bad.add(String.valueOf(e));
                }
            }
        }
    }

    private static KeyEstablishmentServer serve(NtsIdentity identity, NtsSupply supply) throws IOException {
        AccessTable loopback =
                new AccessTable(List.of(AccessRule.of(true, false, new byte[] {127, 0, 0, 0}, 8, "allow 127.0.0.0/8")));
        return KeyEstablishmentServer.start(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                new KeOptions(
                        new KeNegotiation(List.of(Aead.values()), Optional.empty(), 123),
                        100,
                        2,
                        Duration.ofSeconds(30),
                        Optional.empty()),
                () -> Objects.requireNonNull(identity.context()),
                supply.cookies(),
                () -> loopback,
                _ -> true,
                LinuxTime::monotonicNanos,
                work -> Thread.ofPlatform().daemon().unstarted(work));
    }

    /** What is told after a look. */
    private record LookedAfter(
            List<NtsStatus.Certificate> certificates, Optional<NtsStatus.Authority> authority, List<String> troubles) {}

    private static LookedAfter lookedAfter(NtsIdentity identity, Optional<Instant> provenNow) {
        identity.look(provenNow);
        return new LookedAfter(
                identity.account().certificates(),
                identity.account().authority(),
                identity.account().troubles());
    }

    private NtsIdentity builtIn() {
        return new NtsIdentity(config(List.of(), true), () -> NAMES, () -> "noonmark");
    }

    private NtsConfig config(List<String> files, boolean builtIn) {
        return new NtsConfig(
                0,
                builtIn ? Optional.of(folder.toString()) : Optional.empty(),
                files.stream()
                        .map(file -> folder.resolve(file).toString())
                        .map(path -> new NtsConfig.Pair(path, path))
                        .toList(),
                Optional.empty(),
                List.of(15),
                Optional.empty(),
                100,
                1,
                Optional.empty());
    }

    private static NtsConfig config(NtsConfig.Pair pair) {
        return new NtsConfig(
                0,
                Optional.empty(),
                List.of(pair),
                Optional.empty(),
                List.of(15),
                Optional.empty(),
                100,
                1,
                Optional.empty());
    }

    /** As every careful program does: whole, by renaming. */
    private void write(String name, String text) throws IOException {
        Path unfinished = folder.resolve(name + ".tmp");
        Files.writeString(unfinished, text);
        Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
        Files.move(
                unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String pair(String name, Instant issued) {
        return LocalAuthority.text(
                LocalAuthority.make(name, issued).issue(new ServerNames(Set.of(name), Set.of()), issued));
    }
}
