package org.noonmark.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Debian's pebble, an ACME service for tests, with the name server that goes with it: every name leads to 127.0.0.1, and TXT records are set by
 * HTTP. Unpacked and never installed; runs in a network namespace.
 */
final class AcmePeer implements AutoCloseable {
    /** The directory of the service. */
    static final String URL = "https://localhost:14000/dir";

    private static final String NAMES = "127.0.0.1:18053";
    private static final String NAMES_BY_HTTP = "127.0.0.1:18055";

    private final Path folder;
    private final List<Process> running = new ArrayList<>();

    private AcmePeer(Path folder) {
        this.folder = folder;
    }

    /** Starts both; certificates last {@code life}, and challenges by HTTP come to {@code httpPort}. */
    static AcmePeer start(Namespace namespace, Path folder, Duration life, int httpPort) throws IOException {
        Path programs = unpacked().resolve("usr/bin");
        AcmePeer peer = new AcmePeer(folder);
        Peers.Output.require(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                folder.resolve("pebble.key").toString(),
                "-out",
                peer.trust().toString(),
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-days",
                "30");
        Path config = Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "127.0.0.1:14000", "managementListenAddress": "127.0.0.1:15000",
                 "certificate": "%s", "privateKey": "%s", "httpPort": %d, "tlsPort": 5001, "ocspResponderURL": "",
                 "externalAccountBindingRequired": false, "certificateValidityPeriod": %d}}
                """.formatted(
                        peer.trust(), folder.resolve("pebble.key"), httpPort, life.toSeconds()));
        peer.run(
                namespace,
                programs.resolve("pebble-challtestsrv").toString(),
                "-dns01",
                NAMES,
                "-management",
                NAMES_BY_HTTP,
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                "",
                "-defaultIPv6",
                "");
        peer.run(namespace, programs.resolve("pebble").toString(), "-config", config.toString(), "-dnsserver", NAMES);
        return peer;
    }

    /** Unpacks it where it is not there yet. */
    private static Path unpacked() throws IOException {
        Path root = CacheFolder.path().resolve("peers-pebble");
        if (!Files.isExecutable(root.resolve("usr/bin/pebble"))) {
            Path downloads = Files.createDirectories(root.resolve("deb"));
            Peers.Output output = Peers.Output.of(
                    new ProcessBuilder("apt-get", "-q", "download", "pebble").directory(downloads.toFile()));
            if (output.exitCode() != 0) {
                throw new IOException("apt-get download pebble failed; run apt-get update first:\n" + output.text());
            }
            try (var files = Files.list(downloads)) {
                for (Path file : files.toList()) {
                    Peers.Output.require("dpkg", "-x", file.toString(), root.toString());
                    Files.delete(file);
                }
            }
        }
        return root;
    }

    private void run(Namespace namespace, String... command) throws IOException {
        ProcessBuilder builder = namespace.inside(List.of(command)).redirectErrorStream(true);
        // It makes clients wait for up to 15 s, and refuses one nonce in 20, unless it is told not to: the second is
        // worth to be met.
        builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
        running.add(builder.redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("pebble.log").toFile()))
                .start());
    }

    /** What its own certificate is judged by. */
    Path trust() {
        return folder.resolve("pebble.pem");
    }

    /** A program for DNS challenges, which tells its name server. */
    Path hook() throws IOException {
        Path hook = Files.writeString(folder.resolve("hook"), """
                #!/usr/bin/python3
                import json, sys, urllib.request
                what, name, value = sys.argv[1:]
                body = {'host': name + '.'}
                if what == 'set':
                    body['value'] = value
                print(what, name, file=open('%s', 'a'))
                urllib.request.urlopen('http://%s/' + what + '-txt', json.dumps(body).encode())
                """.formatted(calls(), NAMES_BY_HTTP));
        hook.toFile().setExecutable(true);
        return hook;
    }

    /** What the hook was called with, a line each. */
    Path calls() {
        return folder.resolve("hook-calls");
    }

    /** What it has to say. */
    String log() throws IOException {
        return Files.readString(folder.resolve("pebble.log"));
    }

    /** Ends the service, and leaves its names. */
    void endService() throws InterruptedException {
        running.getLast().destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        running.forEach(Process::destroyForcibly);
    }
}
