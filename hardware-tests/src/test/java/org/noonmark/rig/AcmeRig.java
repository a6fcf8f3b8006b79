package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo's certificate for a public name, from an ACME service of others, in a network namespace of their own. */
class AcmeRig {
    private static final Duration TO_READY = Duration.ofSeconds(60);
    private static final int KE_PORT = 35_460;
    private static final String NAME = "time.example.net";

    @TempDir
    private Path folder;

    private Namespace namespace;

    @BeforeEach
    void prepare() throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "network namespaces need root");
        namespace = Namespace.create("acme");
    }

    @AfterEach
    void end() throws Exception {
        if (namespace != null) {
            namespace.close();
        }
    }

    /** Certificates of 24 seconds are renewed after 16; then the service goes away. */
    @Test
    void issuesByHttpRenewsWithoutARestartAndServesOnWhenTheServiceIsGone() throws Exception {
        try (AcmePeer acme = AcmePeer.start(namespace, folder, Duration.ofSeconds(24), 80);
                Demo demo = demo(acme, "")) {
            demo.awaitReady(TO_READY);
            String first = awaitServed(demo, each -> each.contains("issuer=CN = Pebble"), "a certificate");
            assertFalse(isOpen(80), "port 80 is open while it is asked alone");
            String built = served("localhost");
            assertTrue(built.contains("Noonmark CA"), "for local names the built-in authority: " + built);
            for (String secret : List.of("account.pem", "server.pem")) {
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("acme/" + secret))));
            }
            String second = awaitServed(
                    demo, each -> each.contains("issuer=CN = Pebble") && !each.equals(first), "another certificate");
            acme.endService();
            awaitServed(demo, _ -> report("status").contains("ACME: no certificate"), "a failure in the status");
            // Lines of a terminal's width.
            String status = report("status").replaceAll("\\s+", " ");
            assertTrue(status.contains("it cannot be reached: check this server's way into the Internet"), status);
            assertTrue(status.contains("the next try is at"), status);
            assertEquals(second, served(NAME), "what is there is served on");
        }
    }

    /** The name leads to a port that nobody serves. */
    @Test
    void saysWhyAndWhatToDoWhenTheServiceDoesNotSeeTheProof() throws Exception {
        try (AcmePeer acme = AcmePeer.start(namespace, folder, Duration.ofDays(90), 80);
                Demo demo = demo(acme, " port 8080")) {
            demo.awaitReady(TO_READY);
            awaitServed(demo, _ -> report("status").contains("ACME: no certificate"), "a failure in the status");
            String status = report("status").replaceAll("\\s+", " ");
            assertTrue(status.contains("the proof for " + NAME + " is invalid"), status);
            assertTrue(status.contains("port 80 of " + NAME + " must lead to port 8080 of this server"), status);
            assertTrue(served(NAME).contains("Noonmark CA"), "the built-in authority serves meanwhile");
        }
    }

    @Test
    void issuesByTheOwnersDnsProgram() throws Exception {
        try (AcmePeer acme = AcmePeer.start(namespace, folder, Duration.ofDays(90), 1);
                Demo demo = demo(acme, " hook " + acme.hook())) {
            demo.awaitReady(TO_READY);
            awaitServed(demo, each -> each.contains("issuer=CN = Pebble"), "a certificate");
            String challenge = "_acme-challenge." + NAME;
            assertEquals(List.of("set " + challenge, "clear " + challenge), Files.readAllLines(acme.calls()));
            String report = report("nts", "cert");
            assertTrue(report.contains(NAME), report);
        }
    }

    private Demo demo(AcmePeer acme, String more) throws IOException {
        Path config = Files.writeString(
                folder.resolve("more.conf"),
                "ntsacme " + AcmePeer.URL + " " + NAME + more + " directory " + folder.resolve("acme") + " trust "
                        + acme.trust() + "\n");
        return Demo.start(
                namespace.prefix(),
                "--control",
                control(),
                "--for",
                "120",
                "--ntp-port",
                "32123",
                "--nts-port",
                Integer.toString(KE_PORT),
                "--config",
                config.toString());
    }

    private String control() {
        return folder.resolve("control.sock").toString();
    }

    private String report(String... words) {
        String[] all = new String[words.length + 2];
        all[0] = "--control";
        all[1] = control();
        System.arraycopy(words, 0, all, 2, words.length);
        return Demo.ask(all).text();
    }

    private String awaitServed(Demo demo, Predicate<String> wanted, String what) throws Exception {
        for (int second = 0; second < 40; second++) {
            String now = served(NAME);
            if (wanted.test(now)) {
                return now;
            }
            Thread.sleep(Duration.ofSeconds(1));
        }
        throw new AssertionError("no " + what + ":\n" + demo.transcript());
    }

    /** Issuer and fingerprint of what a client that asks for {@code name} is shown. */
    private String served(String name) throws IOException {
        String script = "openssl s_client -connect 127.0.0.1:" + KE_PORT + " -alpn ntske/1 -servername " + name
                + " </dev/null 2>/dev/null | openssl x509 -noout -issuer -fingerprint -sha256";
        return Peers.Output.of(namespace.inside(List.of("sh", "-c", script))).text();
    }

    private boolean isOpen(int port) throws IOException {
        String script = "exec 3<>/dev/tcp/127.0.0.1/" + port;
        return Peers.Output.of(namespace.inside(List.of("bash", "-c", script))).exitCode() == 0;
    }
}
