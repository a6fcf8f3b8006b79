package org.noonmark.rig;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That a client finds the box by multicast DNS: systemd-resolved of Debian 13 with the image's own files on one side, Avahi on the other. The two
 * are alone on their network, so nobody else can have the name that is looked for.
 */
class MdnsRig {
    private static final Path PEERS = Path.of("src", "main", "peers").toAbsolutePath();
    private static final Path IMAGE = Path.of("..", "systemd-units", "rootfs", "usr", "lib", "systemd");
    private static final Path NETWORK = Path.of("network", "70-noonmark-wired.network");
    private static final Duration TO_BE_FOUND = Duration.ofSeconds(40);
    private static final String BOX_CARD = "served";
    private static final String ADDRESS = "10.77.0.1";

    @TempDir
    Path folder = Path.of("unset");

    private final String name = "clock-" + ProcessHandle.current().pid();
    private Path root = Path.of("unset");
    private Namespace box;
    private Namespace client;

    @BeforeEach
    void prepare() throws IOException {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "network namespaces need root");
        // Without libidn2, which systemd loads where it is there, resolved has no name of its own.
        root = LaterDebian.unpacked(
                "mdns", "systemd", "systemd-resolved", "libidn2-0", "avahi-daemon", "avahi-utils", "dbus", "libgcc-s1");
        box = Namespace.create("mdns-box");
        client = Namespace.create("mdns-client");
        Namespace.join(box, BOX_CARD, client, "asking");
    }

    @AfterEach
    void clear() throws IOException {
        client.close();
        box.close();
    }

    @Test
    void theBoxIsFoundByItsNameAndByItsService() throws Exception {
        imageFiles();
        Process announcing = new ProcessBuilder(scripted(box, "mdns-box.sh", root.toString(), folder.toString(), name))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Peers.Output seen;
        try {
            seen = Peers.Output.of(new ProcessBuilder(
                    scripted(client, "mdns-look.sh", root.toString(), name, Long.toString(TO_BE_FOUND.toSeconds()))));
        } finally {
            announcing.getOutputStream().close();
            if (!announcing.waitFor(20, TimeUnit.SECONDS)) {
                announcing.destroy();
            }
        }
        List<String> found = seen.text().lines().toList();
        boolean service = found.stream()
                .anyMatch(line -> line.startsWith("=;") && line.endsWith(";" + name + ".local;" + ADDRESS + ";123;"));
        boolean host = found.contains(name + ".local\t" + ADDRESS);
        System.out.println("rig=mdns judge=avahi service=_ntp._udp found=" + service + " host_found=" + host);
        assertTrue(service && host, seen.text() + Files.readString(folder.resolve("log")));
    }

    /** As they are, but for the network's: a virtual card is of a kind that the image leaves to its owner, and there is no DHCP. */
    private void imageFiles() throws IOException {
        Path target = folder.resolve("usr/lib/systemd");
        for (String part : List.of("resolved.conf.d", "dnssd")) {
            Files.createDirectories(target.resolve(part));
            try (Stream<Path> files = Files.list(IMAGE.resolve(part))) {
                for (Path file : files.toList()) {
                    Files.copy(file, target.resolve(part).resolve(file.getFileName()));
                }
            }
        }
        Files.createDirectories(target.resolve("network"));
        Files.writeString(
                target.resolve(NETWORK),
                Files.readString(IMAGE.resolve(NETWORK))
                        .replace("Type=ether", "Name=" + BOX_CARD)
                        .replace("Kind=!*", "")
                        .replace("DHCP=yes", "Address=" + ADDRESS + "/24"));
    }

    private static List<String> scripted(Namespace in, String script, String... arguments) {
        List<String> whole = new ArrayList<>(in.prefix());
        whole.addAll(List.of("unshare", "--uts", PEERS.resolve(script).toString()));
        whole.addAll(List.of(arguments));
        return whole;
    }
}
