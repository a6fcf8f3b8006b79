package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.LocalAuthority;
import org.noonmark.certificates.Renewal;
import org.noonmark.certificates.ServerNames;
import org.noonmark.control.ControlClient;
import org.noonmark.control.Request;
import org.noonmark.linux.LinuxTime;
import org.noonmark.nts.KeNegotiation;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.ConfigReader;
import org.noonmark.provisioning.ConfigReading;
import org.noonmark.server.KeClient;
import org.noonmark.sim.Oscillator;
import org.noonmark.sim.PulseModel;
import org.noonmark.sim.ReceiverOptions;
import org.noonmark.sim.SettableReceiver;
import org.noonmark.status.NtsStatus;

/**
 * What is served and said when the clock is wrong at the start, a certificate has ended or there is no network: the whole daemon on a
 * simulated machine, before its receiver has a fix and after the time is proven. Some seconds of real time each.
 */
class BootMatrixTest {
    private static final Duration DECADE = Duration.ofDays(3_652);
    /** The world's date is the host's, since clients in this process judge certificates by it. */
    private final Instant today = Instant.ofEpochSecond(0, LinuxTime.realtimeNanos());

    private final AtomicBoolean hasFix = new AtomicBoolean();
    private Optional<SimulatedMachine> machine = Optional.empty();
    private Optional<Daemon> running = Optional.empty();
    private int kePort;

    @TempDir
    Path folder = Path.of("unset");

    @AfterEach
    void end() {
        running.ifPresent(Daemon::close);
        machine.ifPresent(SimulatedMachine::close);
    }

    /** Nothing on the card, and a clock that shows what it was made with. */
    @Test
    void withoutAnRtcTheFirstStartServesNoKeysUntilTheDateIsProvenAndThenByItself() throws Exception {
        start(DECADE.multipliedBy(-1), "ntsca " + folder.resolve("nts"));
        await(() -> !nts().waiting().isEmpty());
        assertEquals(NtsIdentity.WAITING, nts().waiting());
        assertEquals(List.of(), nts().listening());
        assertFalse(Files.exists(folder.resolve("nts/authority.pem")), "nothing is made with a date that nobody knows");
        assertUnsynchronised();
        assertTrue(said("nts", "cert").contains("the built-in authority waits for the date"));

        proveTime();
        await(() -> !nts().listening().isEmpty());
        assertEquals(List.of(), nts().troubles());
        NtsStatus.Certificate made = nts().certificates().getFirst();
        assertTrue(made.notBeforeSeconds() < today.getEpochSecond() && today.getEpochSecond() < made.notAfterSeconds());
        assertKeysAreHad();
    }

    /** A clock ten years ahead would find all that is kept ended: it is not asked. */
    @Test
    void anRtcThatIsTenYearsWrongChangesNothingForKeysThatWereKept() throws Exception {
        String kept = keepAuthority(today.minus(Duration.ofDays(30)));
        start(DECADE, "ntsca " + folder.resolve("nts"));
        await(() -> !nts().listening().isEmpty());
        assertUnsynchronised();
        assertEquals(kept, nts().certificates().getFirst().fingerprint());
        assertEquals(List.of(), nts().troubles());
        assertKeysAreHad();

        proveTime();
        Thread.sleep(200);
        assertEquals(kept, nts().certificates().getFirst().fingerprint(), "clients need not be told anything");
        assertEquals(List.of(), nts().troubles());
        assertKeysAreHad();
    }

    /** A clock ten years behind would find it in the future. */
    @Test
    void aCertificateThatHasEndedIsServedAndSaidWithItsCureOnceTheDateIsProven() throws Exception {
        Instant issued = today.minus(Duration.ofDays(500));
        Path file = folder.resolve("time.pem");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                LocalAuthority.text(LocalAuthority.make("time.example.net", issued)
                        .issue(new ServerNames(Set.of("time.example.net"), Set.of()), issued)));
        start(DECADE.multipliedBy(-1), "ntsservercert " + file, "ntsserverkey " + file);
        await(() -> !nts().listening().isEmpty());
        assertUnsynchronised();
        assertEquals(List.of(), nts().troubles(), "no date is judged by a clock that nobody has proven");

        proveTime();
        await(() -> !nts().troubles().isEmpty());
        String trouble = nts().troubles().getFirst();
        assertTrue(
                trouble.contains("the certificate ended on ") && trouble.contains("put a new one in its place"),
                trouble);
        // The report is of the last moment, and has lines of a terminal's width.
        await(() -> said("status").contains("the certificate ended on"));
        assertFalse(nts().listening().isEmpty(), "clients whose clocks are wrong too may still get their keys");
    }

    /** Nobody certifies the public name, and that hinders nothing else. */
    @Test
    void withoutANetworkTheBuiltInAuthorityServesAndTheAcmeServiceIsNamed() throws Exception {
        Path trust = Files.writeString(
                folder.resolve("trust.pem"),
                LocalAuthority.make("acme.example.net", today).certificateText());
        start(
                DECADE.multipliedBy(-1),
                "ntsca " + folder.resolve("nts"),
                "ntsacme https://127.0.0.1:1/directory time.example.net directory " + folder.resolve("acme") + " trust "
                        + trust);
        await(() -> !nts().waiting().isEmpty());
        assertEquals(List.of(), nts().listening());
        assertFalse(Files.exists(folder.resolve("acme")), "nothing is ordered before the date is known");

        proveTime();
        await(() -> !nts().listening().isEmpty() && !nts().troubles().isEmpty());
        String trouble = nts().troubles().getFirst();
        assertTrue(trouble.contains("it cannot be reached: check this server's way into the Internet"), trouble);
        assertKeysAreHad();
    }

    private void start(Duration clockError, String... directives) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            kePort = free.getLocalPort();
        }
        SimulatedMachine world = new SimulatedMachine(
                today.getEpochSecond() * 1_000_000_000L,
                LinuxTime.monotonicNanos(),
                clockError.toNanos(),
                Oscillator.wandering(Oscillator.Wander.QUIET, 1),
                // Far from both pulses, so that a busy machine makes it late but not ambiguous.
                new SettableReceiver(
                        ReceiverOptions.DEFAULT.withDelay(400_000_000L, 0).withFix(_ -> hasFix.get())),
                PulseModel.Noise.QUIET,
                1);
        machine = Optional.of(world);
        LocalDate yesterday = LocalDate.ofInstant(today, ZoneOffset.UTC).minusDays(1);
        running = Optional.of(Daemon.start(Build.load(), config(world, directives), world, yesterday));
    }

    private ApplianceConfig config(SimulatedMachine world, String... directives) throws IOException {
        Path file = Files.writeString(folder.resolve("noonmark.conf"), """
                receiver %s refid GPS pps /dev/pps-simulated
                port 0
                bindaddress 127.0.0.1
                bindaddress ::1
                allow 127.0.0.0/8
                ntsport %d
                controlsocket %s
                %s
                """.formatted(
                        world.receiverDevice(), kePort, socket(), String.join("\n", directives)));
        ConfigReading reading = new ConfigReader(new DiskConfigFiles()).read(file.toString());
        return assertInstanceOf(ConfigReading.Accepted.class, reading).config();
    }

    /** As an earlier run has left it; the fingerprint of its certificate. */
    private String keepAuthority(Instant when) {
        AuthorityFolder authority = new AuthorityFolder(folder.resolve("nts"), HostNames::hostName);
        authority.load();
        authority.perform(Renewal.MAKE_AUTHORITY, when, HostNames.read());
        return authority
                .pair()
                .map(CertifiedKey::certificate)
                .map(CertifiedKey::fingerprint)
                .orElseThrow();
    }

    private void proveTime() throws IOException, InterruptedException {
        hasFix.set(true);
        await(() -> daemon().snapshot().isSynchronised());
        assertEquals(1, daemon().snapshot().system().stratum());
    }

    private void assertUnsynchronised() {
        assertFalse(daemon().snapshot().isSynchronised());
        assertEquals(3, daemon().snapshot().system().leapIndicator());
        assertEquals(0, daemon().snapshot().system().stratum());
    }

    private void assertKeysAreHad() throws Exception {
        String pem = nts().authority().map(NtsStatus.Authority::pem).orElseThrow();
        var authority = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        InetSocketAddress at =
                new InetSocketAddress(InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1}), kePort);
        assertEquals(
                KeNegotiation.COOKIES,
                new KeClient(authority).exchange(at, KeClient.AEAD_15).cookies().size());
    }

    private Daemon daemon() {
        return running.orElseThrow();
    }

    private NtsStatus nts() {
        return daemon().ntsStatus();
    }

    private String said(String report, String... words) throws IOException {
        return new ControlClient(socket())
                .ask(new Request(report, List.of(words)))
                .text()
                .replaceAll("\\s+", " ");
    }

    private Path socket() {
        return folder.resolve("control.sock");
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException, InterruptedException {
        long end = LinuxTime.monotonicNanos() + 60_000_000_000L;
        while (!condition.holds()) {
            assertTrue(LinuxTime.monotonicNanos() < end, "it does not come");
            Thread.sleep(20);
        }
    }
}
