package org.noonmark.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.LocalAuthority;
import org.noonmark.certificates.ServerNames;
import org.noonmark.linux.LinuxTime;
import org.noonmark.ntp.AccessRule;
import org.noonmark.ntp.AccessTable;
import org.noonmark.ntp.RateLimit;
import org.noonmark.nts.Aead;
import org.noonmark.nts.KeNegotiation;
import org.noonmark.provisioning.IpAddress;

class KeyEstablishmentServerTest {
    private static final ServerNames NAMES = new ServerNames(
            Set.of("localhost", "noonmark.local"),
            Set.of(IpAddress.parse("127.0.0.1").orElseThrow()));
    private static final AccessTable LOOPBACK =
            new AccessTable(List.of(AccessRule.of(true, false, new byte[] {127, 0, 0, 0}, 8, "allow 127.0.0.0/8")));

    private static final class Sealed {
        private final Aead aead;
        private final byte[] c2s;
        private final byte[] s2c;

        Sealed(Aead aead, byte[] c2s, byte[] s2c) {
            this.aead = aead;
            this.c2s = c2s.clone();
            this.s2c = s2c.clone();
        }
    }

    private final Instant now = Instant.now();
    private final LocalAuthority authority = LocalAuthority.make("noonmark", now);
    private volatile SSLContext identity = TlsIdentity.of(List.of(authority.issue(NAMES, now)));
    private final ConcurrentLinkedQueue<Sealed> sealed = new ConcurrentLinkedQueue<>();
    private final List<KeyEstablishmentServer> started = new ArrayList<>();
    private volatile AccessTable access = LOOPBACK;
    private volatile boolean isFaulty;
    private final Semaphore writing = new Semaphore(0);
    private CountDownLatch pens = new CountDownLatch(0);

    @AfterEach
    void stop() {
        started.forEach(KeyEstablishmentServer::close);
    }

    @Test
    void givesEightCookiesWithTheKeysThatTheClientHasToo() throws Exception {
        InetSocketAddress at = start(100, KeOptions.PATIENCE, Optional.empty());
        KeClient.Keys keys = new KeClient(authority.certificate()).exchange(at, KeClient.AEAD_15);
        assertEquals(List.of(1, 4, 7, 5, 5, 5, 5, 5, 5, 5, 5, 0), keys.records());
        assertEquals(8, keys.cookies().size());
        assertEquals(8, sealed.size());
        for (Sealed each : sealed) {
            assertEquals(Aead.AES_SIV_CMAC_256, each.aead);
            assertArrayEquals(keys.c2s(), each.c2s);
            assertArrayEquals(keys.s2c(), each.s2c);
        }
        assertFalse(Arrays.equals(keys.c2s(), keys.s2c()));
        awaitEnded(KeOutcome.ESTABLISHED, 1);
    }

    @Test
    void everyAlgorithmHasKeysOfItsLength() throws Exception {
        InetSocketAddress at = start(100, KeOptions.PATIENCE, Optional.empty());
        KeClient client = new KeClient(authority.certificate());
        assertEquals(64, client.exchange(at, "80010002000080040002001180000000").c2s().length);
        KeClient.Keys gcm = client.exchange(at, "80010002000080040004001e000f0400000080000000");
        assertEquals(16, gcm.c2s().length);
        assertTrue(gcm.records().contains(1024), gcm.records().toString());
        assertArrayEquals(gcm.c2s(), sealed.stream().skip(8).findFirst().orElseThrow().c2s);
    }

    @Test
    void whatIsNoRequestIsToldSo() throws Exception {
        InetSocketAddress at = start(100, KeOptions.PATIENCE, Optional.empty());
        KeClient client = new KeClient(authority.certificate());
        assertEquals(List.of(2, 0), client.exchange(at, "80000000").records());
        // Nothing in common, and an algorithm that cannot be had without record 1024.
        assertEquals(
                List.of(1, 4, 0),
                client.exchange(at, "80010002000080040002001e80000000").records());
        assertEquals(0, sealed.size());
        awaitEnded(KeOutcome.BAD_REQUEST, 1);
        awaitEnded(KeOutcome.NOTHING_IN_COMMON, 1);
    }

    @Test
    void speaksNothingButTls13AndNtske1() throws Exception {
        InetSocketAddress at = start(100, KeOptions.PATIENCE, Optional.empty());
        KeClient old = new KeClient(authority.certificate()).speaking("TLSv1.2");
        assertThrows(SSLException.class, () -> old.exchange(at, KeClient.AEAD_15));
        KeClient web = new KeClient(authority.certificate()).offering("http/1.1");
        assertThrows(SSLException.class, () -> web.exchange(at, KeClient.AEAD_15));
        awaitEnded(KeOutcome.TLS_FAILED, 2);
        // Without a word of the protocol TLS comes about, and nothing is said.
        KeClient mute = new KeClient(authority.certificate()).offering();
        try {
            assertEquals(List.of(), mute.exchange(at, KeClient.AEAD_15).records());
        } catch (IOException e) {
            // As good: the connection ends while the client speaks.
        }
        awaitEnded(KeOutcome.TLS_FAILED, 3);
        assertEquals(0, sealed.size());
    }

    @Test
    void aClientThatTrustsAnotherAuthorityOrCallsItByAnotherNameGoesAway() throws Exception {
        InetSocketAddress at = start(100, KeOptions.PATIENCE, Optional.empty());
        KeClient other = new KeClient(LocalAuthority.make("noonmark", now).certificate());
        assertThrows(SSLException.class, () -> other.exchange(at, KeClient.AEAD_15));
        InetSocketAddress nameless = new InetSocketAddress(
                InetAddress.getByAddress("elsewhere.local", at.getAddress().getAddress()), at.getPort());
        KeClient lost = new KeClient(authority.certificate()).callingIt("elsewhere.local");
        assertThrows(SSLException.class, () -> lost.exchange(nameless, KeClient.AEAD_15));
    }

    @Test
    void theClientsWordForTheServerChoosesTheCertificate() throws Exception {
        LocalAuthority publicOne = LocalAuthority.make("time.example.net", now);
        CertifiedKey named = publicOne.issue(new ServerNames(Set.of("time.example.net"), Set.of()), now);
        CertifiedKey local = authority.issue(NAMES, now);
        List<CertifiedKey> pairs = List.of(named, local);
        assertEquals(named, chosen(pairs, "TIME.example.net", "EC"));
        assertEquals(local, chosen(pairs, "noonmark.local", "EC"));
        // By address, clients say no name.
        assertEquals(Optional.of(local), TlsIdentity.chosen(pairs, Optional.empty(), "EC"));
        assertEquals(named, chosen(pairs, "stranger.local", "EC"));
    }

    private static CertifiedKey chosen(List<CertifiedKey> pairs, String name, String keyType) {
        return TlsIdentity.chosen(pairs, Optional.of(name), keyType).orElseThrow();
    }

    @Test
    void aPairOfEachTypeForOneNameServesClientsThatKnowOnlyOne() throws Exception {
        CertifiedKey rsa = CertifiedKey.of(resource("rsa-localhost.pem"), resource("rsa-localhost.pem"));
        CertifiedKey ec = authority.issue(NAMES, now);
        for (List<CertifiedKey> pairs : List.of(List.of(rsa, ec), List.of(ec, rsa))) {
            assertEquals(rsa, chosen(pairs, "localhost", "RSA"));
            assertEquals(ec, chosen(pairs, "localhost", "EC"));
            assertEquals(Optional.empty(), TlsIdentity.chosen(pairs, Optional.of("localhost"), "EdDSA"));
        }
        identity = TlsIdentity.of(List.of(ec, rsa));
        InetSocketAddress at = start(20, KeOptions.PATIENCE, Optional.empty());
        KeClient client = new KeClient(rsa.certificate()).verifying("rsa_pss_rsae_sha256");
        assertEquals(8, client.exchange(at, KeClient.AEAD_15).cookies().size());
        identity = TlsIdentity.of(List.of(rsa, ec));
        KeClient other = new KeClient(authority.certificate()).verifying("ecdsa_secp256r1_sha256");
        assertEquals(8, other.exchange(at, KeClient.AEAD_15).cookies().size());
    }

    @Test
    void aFaultInOneConnectionIsCountedAndThePortServesOn() throws Exception {
        InetSocketAddress at = start(20, KeOptions.PATIENCE, Optional.empty());
        KeClient client = new KeClient(authority.certificate());
        isFaulty = true;
        assertThrows(IOException.class, () -> client.exchange(at, KeClient.AEAD_15));
        awaitEnded(KeOutcome.FAULT, 1);
        isFaulty = false;
        assertEquals(8, client.exchange(at, KeClient.AEAD_15).cookies().size());
        awaitNoneOpen();
    }

    @Test
    void silentAndHalfOpenConnectionsDoNotStarveHonestClients() throws Exception {
        InetSocketAddress at = start(20, Duration.ofSeconds(60), Optional.empty());
        KeClient client = new KeClient(authority.certificate());
        client.exchange(at, KeClient.AEAD_15);
        List<Socket> silent = new ArrayList<>();
        try {
            int hostile = Integer.getInteger("nts.hostile", 200);
            for (int i = 0; i < hostile; i++) {
                Socket socket = new Socket(at.getAddress(), at.getPort());
                if (i % 2 == 0) {
                    // A handshake record that begins and never ends.
                    socket.getOutputStream().write(new byte[] {22, 3, 1, 1, 0, 1});
                }
                silent.add(socket);
            }
            SSLSocket mute = client.connect(at);
            silent.add(mute);
            for (int i = 0; i < 20; i++) {
                assertEquals(8, client.exchange(at, KeClient.AEAD_15).cookies().size());
            }
            assertTrue(server().open() <= 20, "open: " + server().open());
            assertTrue(server().ended(KeOutcome.DISPLACED) >= hostile - 20, "displaced");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void whoComesWhileThoseDisplacedLetGoWaitsAndIsServed() throws Exception {
        pens = new CountDownLatch(1);
        InetSocketAddress at = start(1, Duration.ofSeconds(60), Optional.empty());
        KeClient client = new KeClient(authority.certificate());
        List<Future<KeClient.Keys>> earlier = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            // One place, two in hand: the first is displaced by the second, and both are at their cookies.
            for (int i = 0; i < 2; i++) {
                earlier.add(clients.submit(() -> client.exchange(at, KeClient.AEAD_15)));
                assertTrue(writing.tryAcquire(20, TimeUnit.SECONDS));
            }
            assertEquals(1, server().ended(KeOutcome.DISPLACED));
            Future<KeClient.Keys> third = clients.submit(() -> client.exchange(at, KeClient.AEAD_15));
            assertThrows(TimeoutException.class, () -> third.get(100, TimeUnit.MILLISECONDS));
            pens.countDown();
            assertEquals(8, third.get(20, TimeUnit.SECONDS).cookies().size());
        } finally {
            pens.countDown();
            earlier.forEach(each -> each.cancel(true));
        }
    }

    @Test
    void whoIsSlowLosesItsConnection() throws Exception {
        InetSocketAddress at = start(20, Duration.ofMillis(300), Optional.empty());
        try (Socket silent = new Socket(at.getAddress(), at.getPort())) {
            silent.setSoTimeout(10_000);
            assertEquals(-1, silent.getInputStream().read());
        }
        awaitEnded(KeOutcome.TOO_SLOW, 1);
    }

    @Test
    void whoIsNotAllowedOrComesTooOftenIsNotServed() throws Exception {
        InetSocketAddress at = start(20, KeOptions.PATIENCE, Optional.of(new RateLimit(12, 2, 4, 0)));
        KeClient client = new KeClient(authority.certificate());
        int refused = 0;
        for (int i = 0; i < 12; i++) {
            try {
                client.exchange(at, KeClient.AEAD_15);
            } catch (IOException e) {
                refused++;
            }
        }
        // Two in a row, then one in 16 leaks through.
        assertTrue(refused >= 5, "refused " + refused);
        awaitEnded(KeOutcome.TOO_OFTEN, refused);
        assertEquals(refused, server().clients().getFirst().dropped());
        access = new AccessTable(List.of());
        assertThrows(IOException.class, () -> client.exchange(at, KeClient.AEAD_15));
        awaitEnded(KeOutcome.NOT_ALLOWED, 1);
    }

    /** TLS 1.3's KeyUpdate, with the wish that we do the same. */
    @Test
    void aClientThatWantsOtherKeysInBetweenTakesNoTime() throws Exception {
        InetSocketAddress at = start(20, Duration.ofSeconds(60), Optional.empty());
        KeClient client = new KeClient(authority.certificate());
        try (SSLSocket socket = client.connect(at)) {
            for (int i = 0; i < 5; i++) {
                socket.startHandshake();
            }
            socket.getOutputStream().write(0);
            socket.setSoTimeout(10_000);
            try {
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // A reset says the same as an end.
            }
        } catch (IOException e) {
            // The server has gone while the client spoke.
        }
        // It is over long before its time is.
        awaitNoneOpen();
    }

    @Test
    void noiseIsNoTls() throws Exception {
        InetSocketAddress at = start(20, KeOptions.PATIENCE, Optional.empty());
        try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".repeat(200).getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(10_000);
            try {
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // A reset says the same.
            }
        }
        awaitEnded(KeOutcome.TLS_FAILED, 1);
    }

    @Test
    void theSelfHandshakeTellsWhetherAPairMakesATlsConnection() throws Exception {
        SelfHandshake.run(identity);
    }

    private InetSocketAddress start(int connections, Duration patience, Optional<RateLimit> limit) throws IOException {
        KeOptions options = new KeOptions(
                new KeNegotiation(List.of(Aead.values()), Optional.empty(), 11_123), connections, 2, patience, limit);
        KeyEstablishmentServer server = KeyEstablishmentServer.start(
                List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                options,
                () -> identity,
                (aead, c2s, s2c) -> {
                    writing.release();
                    awaitUninterruptibly(pens);
                    sealed.add(new Sealed(aead, c2s, s2c));
                    return new byte[100];
                },
                () -> {
                    if (isFaulty) {
                        throw new IllegalStateException("a fault of ours");
                    }
                    return access;
                },
                _ -> true,
                LinuxTime::monotonicNanos,
                work -> Thread.ofPlatform().daemon().unstarted(work));
        started.add(server);
        int port = server.addresses().getFirst().getPort();
        return new InetSocketAddress(InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}), port);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = KeyEstablishmentServerTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private KeyEstablishmentServer server() {
        return started.getLast();
    }

    /** The server counts when its side of the connection has ended, a moment after the client's. */
    private void awaitEnded(KeOutcome outcome, long count) throws InterruptedException {
        for (int i = 0; i < 1_000 && server().ended(outcome) < count; i++) {
            Thread.sleep(10);
        }
        assertEquals(count, server().ended(outcome), outcome.sentence());
    }

    /** The server lets go of a connection a moment after the client has. */
    private void awaitNoneOpen() throws InterruptedException {
        for (int i = 0; i < 1_000 && server().open() > 0; i++) {
            Thread.sleep(10);
        }
        assertEquals(0, server().open());
    }
}
