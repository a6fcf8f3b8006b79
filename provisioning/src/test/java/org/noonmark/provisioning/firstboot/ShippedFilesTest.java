package org.noonmark.provisioning.firstboot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What provisioning writes has a twin in the image, which holds until noonmark.toml says anything, or is read by a script or a unit:
 * names and values stand on both sides, and must be the same.
 */
class ShippedFilesTest {
    private static final Path IMAGE = Path.of("..", "image-build");
    private static final Path ROOT = Path.of("..", "systemd-units", "rootfs");

    @Test
    void theScriptThatSparesAJavaStartLooksAtEveryFileThatIsRead() throws IOException {
        Set<String> read = new TreeSet<>(BootFolder.READ);
        read.remove(BootFolder.REPORT); // our own
        Set<String> looked = Pattern.compile("\"\\$boot\"/([a-z0-9.-]+)")
                .matcher(Files.readString(ROOT.resolve("usr/lib/noonmark/provision-inputs")))
                .results()
                .map(file -> file.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(read, looked);
    }

    @Test
    void theImagesConfigTxtNeedsNoChangeBeforeAnythingIsSet() throws IOException {
        String shipped = Files.readString(IMAGE.resolve("stage1/02-boot/default-block"));
        List<String> block = ConfigTxt.block(new Settings(), Receiver.of(new Settings()));
        assertEquals(Optional.empty(), ConfigTxt.with(shipped, block));
        String first =
                ConfigTxt.with("", block).orElseThrow().lines().findFirst().orElseThrow();
        assertTrue(shipped.lines().anyMatch(first::equals), "not in the image: " + first);
    }

    @Test
    void theImagesReceiverIsTheOneOfAFileThatNamesNone() throws IOException {
        String made = made("[receiver]\npps_edge = \"rising\"\n", State.RECEIVER);
        assertEquals(said(Files.readString(ROOT.resolve(State.RECEIVER))), said(made));
    }

    @Test
    void theImagesTuningIsTheOneOfAFileThatChangesNothing() throws IOException {
        String made = made("[tuning]\neee = false\n", State.TUNING);
        assertEquals(said(Files.readString(ROOT.resolve(State.TUNING))), said(made));
        String script = Files.readString(ROOT.resolve("usr/lib/noonmark/tune"));
        for (String line : said(made)) {
            String key = line.substring(0, line.indexOf('='));
            assertTrue(script.contains("setting " + key + ")"), "the tuning script does not read " + key);
        }
    }

    @Test
    void theImagesNetworkIsTheOneOfAFileThatAsksForDhcp() throws IOException {
        String shipped = Files.readString(ROOT.resolve("usr/lib/systemd/network/70-noonmark-wired.network"));
        assertEquals(bySection(shipped), bySection(made("[network]\nipv4 = \"dhcp\"\n", State.WIRED)));
    }

    @Test
    void theLoginUserIsTheImages() throws IOException {
        assertTrue(
                Files.readString(IMAGE.resolve("config")).contains("${FIRST_USER_NAME:-" + SshLogin.USER + "}"),
                "the image has another login user");
        String keys = "/" + State.AUTHORIZED_KEYS.replace(SshLogin.USER, "%u");
        assertTrue(
                said(Files.readString(ROOT.resolve("etc/ssh/sshd_config.d/10-noonmark.conf"))).stream()
                        .anyMatch(line -> line.startsWith("AuthorizedKeysFile " + keys)),
                "sshd does not read " + keys);
        assertTrue(
                said(Files.readString(ROOT.resolve("usr/lib/systemd/system/noonmark-console.service")))
                        .contains("StandardInput=file:/" + State.CONSOLE_PASSWORD),
                "no unit reads " + State.CONSOLE_PASSWORD);
    }

    private static String made(String toml, String path) {
        return new Boots().toml(toml).boot().system(path).orElseThrow();
    }

    /** The lines that are neither empty nor comments. */
    private static List<String> said(String text) {
        return text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    /** What a file of systemd says: the order within a section does not count. */
    private static Map<String, Set<String>> bySection(String text) {
        Map<String, Set<String>> sections = new TreeMap<>();
        Set<String> section = new TreeSet<>();
        for (String line : said(text)) {
            if (line.startsWith("[")) {
                section = sections.computeIfAbsent(line, _ -> new TreeSet<>());
            } else {
                section.add(line);
            }
        }
        return sections;
    }
}
