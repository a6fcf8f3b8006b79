package org.noonmark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.app.DataPartition;
import org.noonmark.app.RootTree;
import org.noonmark.backup.Backup;
import org.noonmark.backup.KeptFile;
import org.noonmark.backup.SealedBackup;
import org.noonmark.provisioning.firstboot.SampleToml;
import picocli.CommandLine;

/** Backup, restore and factory reset of boxes that are folders; the start in between is the initramfs' own script. */
class KeepCommandsTest {
    private static final Path INIT = Path.of("../image-build/initramfs/init");

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path file;
    private Path passphrase;

    @BeforeEach
    void makeBox() throws IOException {
        box("one", "clock", "10000000abcdef01");
        file = folder.resolve("box.backup");
        passphrase = Files.writeString(folder.resolve("passphrase"), "four words of mine\n");
    }

    @Test
    void aBoxThatWasRestoredIsTheOneOfTheBackup() throws Exception {
        Map<String, String> before = kept("one");
        backUp();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        put("one", "data/etc/hostname", "other\n");
        put("one", "data/etc/noonmark/conf.d/90-mine.conf", "port 99\n");
        put("one", "data/state/drift", "1 1\n");
        Files.delete(data("one").resolve("state/nts/authority.pem"));
        put("one", "boot/noonmark.toml", "[system]\nhostname = \"other\"\n");

        assertEquals(ExitCode.OK, run("one", "config", "restore", file.toString(), "--passphrase-file", phrase()));
        assertTrue(out.toString().contains("in force from the next start on"), out.toString());
        assertTrue(out.toString().contains("The name changes from clock to other")
                || !out.toString().contains("changes"));
        assertEquals("other\n", Files.readString(data("one").resolve("etc/hostname")), "until the next start");

        boot("one");
        Map<String, String> after = kept("one");
        assertEquals("1 1\n", after.remove("data/state/drift"), "what was learned since then stays");
        before.remove("data/state/drift");
        assertEquals(before, after);
        assertFalse(Files.exists(data("one").resolve("boot")));
    }

    /** Each of the log files that 'logdir' puts beside the state is moved away only above 4 MiB. */
    @Test
    void logFilesAreNoSettings() throws Exception {
        put("one", "data/state/log/tracking.log.old", "x".repeat((4 << 20) + 1));
        put("one", "data/state/log/tracking.log", "mine\n");
        backUp();
        assertEquals(ExitCode.OK, run("one", "config", "restore", file.toString(), "--passphrase-file", phrase()));
        boot("one");
        assertEquals("mine\n", Files.readString(data("one").resolve("state/log/tracking.log")));
    }

    @Test
    void whatIsTooMuchForABackupIsNamed() throws IOException {
        for (int i = 0; i < 5; i++) {
            put("one", "data/etc/noonmark/much" + i, "x".repeat((4 << 20) - i));
        }
        assertNotEquals(ExitCode.OK, run("one", "config", "backup", file.toString(), "--passphrase-file", phrase()));
        assertTrue(err.toString().contains("more than 16 MiB"), err.toString());
        assertTrue(err.toString().contains("etc/noonmark/much0"), err.toString());
    }

    @Test
    void whatCannotBePutThereIsTakenAwayAgain() throws Exception {
        backUp();
        Backup broken = new Backup(
                Instant.EPOCH,
                "clock",
                "",
                "1",
                List.of(
                        new KeptFile(KeptFile.Kind.FILE, "etc/a", "rw-------", "root", "root", new byte[1]),
                        new KeptFile(KeptFile.Kind.FILE, "etc/a/b", "rw-------", "root", "root", new byte[1])));
        DataPartition partition =
                new DataPartition(folder.resolve("one/boot"), data("one"), folder.resolve("one/root"));
        IOException refused = assertThrows(IOException.class, () -> partition.replaceAtNextStart(broken));
        assertTrue(refused.toString().contains("nothing has changed"), refused.toString());
        assertFalse(Files.exists(data("one").resolve("next.new")));
        assertFalse(Files.exists(data("one").resolve("next.whole")));
    }

    @Test
    void aBackupInMemoryIsToldToBeSo() throws IOException {
        assumeTrue(Files.isDirectory(Path.of("/dev/shm")));
        assertTrue(DataPartition.isInMemory(Path.of("/dev/shm")));
        assertFalse(DataPartition.isInMemory(Path.of("/proc/self/status")));
    }

    @Test
    void anotherBoxKeepsItsIdentityAndHearsWhatDiffers() throws Exception {
        backUp();
        box("two", "spare", "10000000abcdef02");
        put("two", "data/etc/machine-id", "two\n");
        assertEquals(ExitCode.OK, run("two", "config", "restore", file.toString(), "--passphrase-file", phrase()));
        String said = out.toString();
        assertTrue(said.contains("of another board (10000000abcdef01, this one is 10000000abcdef02)"), said);
        assertTrue(said.contains("The name changes from spare to clock."), said);
        assertTrue(said.contains("The address becomes 192.0.2.7/24"), said);
        assertTrue(said.contains("certificate is issued anew"), said);
        boot("two");
        assertEquals("two\n", Files.readString(data("two").resolve("etc/machine-id")));
        assertEquals("clock\n", Files.readString(data("two").resolve("etc/hostname")));
        assertTrue(Files.isSymbolicLink(data("two").resolve("etc/localtime")));
    }

    /** A box that Raspberry Pi Imager has set up, on a card that it has written for another. */
    @Test
    void whatCameFromImagerOutlivesTheCard() throws Exception {
        setUpByImager("one", "clock", "Europe/Berlin", "net of one");
        put("one", "boot/ssh", "");
        assertEquals(ExitCode.OK, run("one", "provision"), err.toString());
        Map<String, String> before = etc("one");
        assertTrue(before.containsKey("wpa_supplicant/wpa_supplicant-wlan0.conf"), before.toString());
        assertTrue(before.containsKey("noonmark/console-password"), before.toString());
        assertFalse(
                Files.readString(folder.resolve("one/boot/rpi-preseed.toml")).contains("correct horse"));
        backUp();

        box("two", "spare", "10000000abcdef02");
        setUpByImager("two", "spare", "Asia/Tokyo", "net of two");
        put("two", "boot/userconf.txt", "admin:$6$salt$other\n");
        Files.move(folder.resolve("two/boot/rpi-preseed.toml"), folder.resolve("two/boot/Custom.toml"));
        assertEquals(ExitCode.OK, run("two", "provision"), err.toString());
        assertEquals(ExitCode.OK, run("two", "config", "restore", file.toString(), "--passphrase-file", phrase()));
        boot("two", Integer.MAX_VALUE);
        assertEquals(ExitCode.OK, run("two", "provision"), err.toString());
        assertEquals(before, etc("two"));
        assertEquals(boot("one", "rpi-preseed.toml"), boot("two", "rpi-preseed.toml"));
        assertEquals("", boot("two", "ssh"));
        assertFalse(Files.exists(folder.resolve("two/boot/Custom.toml")));
        assertFalse(Files.exists(folder.resolve("two/boot/userconf.txt")));
        assertFalse(Files.exists(data("two").resolve("boot")));
    }

    /** The boot partition takes no writing at the first start after it, and does at the next. */
    @Test
    void aBootPartitionThatCannotBeWrittenCostsNoSettingOfTheBackup() throws Exception {
        setUpByImager("one", "clock", "Europe/Berlin", "net of one");
        assertEquals(ExitCode.OK, run("one", "provision"), err.toString());
        Map<String, String> before = etc("one");
        backUp();
        box("two", "spare", "10000000abcdef02");
        put("two", "boot/config.txt", boot("one", "config.txt"));
        // A folder that is not empty where the file is made: as good as read-only, for root too.
        put("two", "boot/noonmark.new/x", "");
        assertEquals(ExitCode.OK, run("two", "config", "restore", file.toString(), "--passphrase-file", phrase()));
        boot("two", Integer.MAX_VALUE);
        assertEquals(ExitCode.UNAVAILABLE, run("two", "provision"));
        assertTrue(err.toString().contains("not on the boot partition yet"), err.toString());
        assertEquals(
                before.get("wpa_supplicant/wpa_supplicant-wlan0.conf"),
                etc("two").get("wpa_supplicant/wpa_supplicant-wlan0.conf"));
        assertEquals(before.get("hostname"), etc("two").get("hostname"));
        Files.delete(folder.resolve("two/boot/noonmark.new/x"));
        Files.delete(folder.resolve("two/boot/noonmark.new"));
        assertEquals(ExitCode.OK, run("two", "provision"), err.toString());
        assertEquals(before, etc("two"));
        assertEquals(boot("one", "rpi-preseed.toml"), boot("two", "rpi-preseed.toml"));
    }

    /** The keys are root's, and the daemon reads them as a member of its group. */
    @Test
    void theDaemonCanReadItsKeysAfterARestore() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root gives files away");
        String keys = "data/etc/noonmark/noonmark.keys";
        put("one", keys, "1 SHA1 HEX:00\n");
        Path file = folder.resolve("one").resolve(keys);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        view.setGroup(file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName("daemon"));
        backUp();
        box("two", "spare", "10000000abcdef02");
        assertEquals(ExitCode.OK, run("two", "config", "restore", this.file.toString(), "--passphrase-file", phrase()));
        boot("two");
        PosixFileAttributes after =
                Files.readAttributes(folder.resolve("two").resolve(keys), PosixFileAttributes.class);
        assertEquals("root", after.owner().getName());
        assertEquals("daemon", after.group().getName());
        assertEquals("rw-r-----", PosixFilePermissions.toString(after.permissions()));
    }

    @Test
    void anOwnerWhomThisSystemDoesNotKnowIsPassedOver() throws Exception {
        Backup other = new Backup(
                Instant.EPOCH,
                "clock",
                "",
                "0",
                List.of(new KeptFile(
                        KeptFile.Kind.FILE, "etc/x", "rw-r-----", "nobody here", "none here", new byte[] {'x'})));
        Files.write(file, SealedBackup.seal(other, "four words of mine".toCharArray(), new Random(1)));
        assertEquals(
                ExitCode.OK,
                run("one", "config", "restore", file.toString(), "--passphrase-file", phrase()),
                err.toString());
        boot("one");
        assertEquals("x", readNow("one", "data/etc/x"));
    }

    /** It would take away all settings where it is restored. */
    @Test
    void aBoxWithoutItsBootPartitionIsNotBackedUp() throws Exception {
        Files.delete(folder.resolve("one/boot/noonmark.toml"));
        assertEquals(
                ExitCode.UNAVAILABLE, run("one", "config", "backup", file.toString(), "--passphrase-file", phrase()));
        assertTrue(err.toString().contains("is not mounted"), err.toString());
        assertFalse(Files.exists(file));
    }

    private void setUpByImager(String box, String host, String zone, String network) throws IOException {
        put(box, "boot/noonmark.toml", SampleToml.text());
        put(box, "boot/config.txt", "arm_64bit=1\n");
        put(box, "boot/rpi-preseed.toml", """
                config_version = 1
                [system]
                hostname = "%s"
                [user]
                name = "admin"
                password = "$6$salt$%s"
                password_encrypted = true
                [wlan]
                ssid = "%s"
                password = "correct horse"
                country = "DE"
                [locale]
                timezone = "%s"
                """.formatted(host, "0123456789abcdef", network, zone));
    }

    private String boot(String box, String name) throws IOException {
        return Files.readString(folder.resolve(box).resolve("boot").resolve(name));
    }

    /** All that this box tells its system, with permissions; the machine's id is another's. */
    private Map<String, String> etc(String box) throws IOException {
        Map<String, String> found = new TreeMap<>();
        Path base = data(box).resolve("etc");
        try (Stream<Path> paths = Files.walk(base)) {
            for (Path path : paths.toList()) {
                if (Files.isSymbolicLink(path)) {
                    found.put(base.relativize(path).toString(), "to " + Files.readSymbolicLink(path));
                } else if (Files.isRegularFile(path)) {
                    found.put(
                            base.relativize(path).toString(),
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(path)) + " "
                                    + Files.readString(path));
                }
            }
        }
        found.remove("machine-id");
        return found;
    }

    @Test
    void whatCannotBeRestoredChangesNothing() throws Exception {
        backUp();
        Map<String, String> before = kept("one");
        Path wrong = Files.writeString(folder.resolve("wrong"), "four words of yours\n");
        assertEquals(
                ExitCode.NO_INPUT,
                run("one", "config", "restore", file.toString(), "--passphrase-file", wrong.toString()));
        assertTrue(
                err.toString().contains("box.backup is not restored: it opens with another passphrase"),
                err.toString());
        assertTrue(err.toString().contains("Nothing has changed."), err.toString());
        assertEquals(ExitCode.NO_INPUT, run("one", "config", "restore", "/none", "--passphrase-file", phrase()));
        assertTrue(err.toString().contains("/none cannot be read: no such file"), err.toString());
        boot("one");
        assertEquals(before, kept("one"));
    }

    /** Whoever has the passphrase can make a backup of anything. */
    @Test
    void aBackupThatWouldWriteElsewhereIsRefused() throws Exception {
        byte[] nothing = new byte[0];
        Backup evil = new Backup(
                Instant.EPOCH,
                "clock",
                "",
                "0",
                List.of(
                        new KeptFile(
                                KeptFile.Kind.LINK,
                                "etc/way",
                                "rwxrwxrwx",
                                folder.toString().getBytes(StandardCharsets.UTF_8)),
                        new KeptFile(KeptFile.Kind.FILE, "etc/way/out", "rw-------", nothing)));
        Map<String, String> before = kept("one");
        Files.write(file, SealedBackup.seal(evil, "four words of mine".toCharArray(), new Random(1)));
        assertEquals(
                ExitCode.NO_INPUT, run("one", "config", "restore", file.toString(), "--passphrase-file", phrase()));
        assertTrue(err.toString().contains("etc/way/out lies in etc/way, which is no folder"), err.toString());
        assertFalse(Files.exists(folder.resolve("out")));
        boot("one");
        before.forEach((name, text) -> assertEquals(text, readNow("one", name)));
    }

    /** One sentence on the error output, none of it on the card, and the next start finds what was there. */
    @Test
    void everyHostileBackupIsRefusedWholeWithOneSentence() throws Exception {
        Map<String, byte[]> hostile = new TreeMap<>();
        byte[] none = new byte[0];
        char[] words = "four words of mine".toCharArray();
        KeptFile folderOfEtc = new KeptFile(KeptFile.Kind.DIRECTORY, "etc", "rwxr-xr-x", none);
        KeptFile name = new KeptFile(KeptFile.Kind.FILE, "etc/hostname", "rw-r--r--", none);
        hostile.put("the folder is a link", evil(words, link("etc", folder)));
        hostile.put("a folder two links deep", evil(words, folderOfEtc, link("etc/a", folder), file("etc/a/b/c")));
        hostile.put("a link in the state", evil(words, link("state/nts", folder)));
        hostile.put("a link on the boot partition", evil(words, link(KeptFile.SETTINGS, folder)));
        hostile.put(
                "a folder for the settings",
                evil(words, new KeptFile(KeptFile.Kind.DIRECTORY, KeptFile.SETTINGS, "rwxr-xr-x", none)));
        hostile.put("a file in place of a folder", evil(words, file("state")));
        hostile.put("a file twice", evil(words, folderOfEtc, name, name));
        byte[] good = evil(words, folderOfEtc, name);
        String text = new String(good, StandardCharsets.ISO_8859_1);
        hostile.put("another form", latin1(text.replaceFirst("backup 1", "backup 7")));
        hostile.put("cut off", Arrays.copyOf(good, good.length - 3));
        hostile.put("too large", Arrays.copyOf(good, SealedBackup.MOST_BYTES + 1));
        hostile.put("another file", latin1("PK\3\4 not ours"));
        hostile.put("empty", none);
        Map<String, String> before = kept("one");
        for (Map.Entry<String, byte[]> each : hostile.entrySet()) {
            Files.write(file, each.getValue());
            assertEquals(
                    ExitCode.NO_INPUT,
                    run("one", "config", "restore", file.toString(), "--passphrase-file", phrase()),
                    each.getKey());
            String said = err.toString();
            assertTrue(said.matches("noonmark: \\S+ is not restored: [^\n]+\\. Nothing has changed\\.\n"), said);
            assertEquals("", out.toString(), each.getKey());
        }
        assertEquals(ExitCode.NO_INPUT, run("one", "config", "restore", "/dev/zero", "--passphrase-file", phrase()));
        assertTrue(err.toString().contains("/dev/zero is not restored"), err.toString());
        boot("one");
        assertEquals(before, kept("one"));
    }

    private static byte[] evil(char[] words, KeptFile... files) {
        return SealedBackup.seal(new Backup(Instant.EPOCH, "clock", "", "0", List.of(files)), words, new Random(1));
    }

    private static KeptFile link(String path, Path target) {
        return new KeptFile(
                KeptFile.Kind.LINK, path, "rwxrwxrwx", target.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static KeptFile file(String path) {
        return new KeptFile(KeptFile.Kind.FILE, path, "rw-------", new byte[0]);
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aLinkAmongTheStateIsNamedBeforeItIsBackedUp() throws Exception {
        Path link = folder.resolve("one/data/state/elsewhere");
        Files.createSymbolicLink(link, folder);
        int code = run("one", "config", "backup", file.toString(), "--passphrase-file", phrase());
        assertEquals(ExitCode.UNAVAILABLE, code);
        assertTrue(err.toString().contains(link + " is a link"), err.toString());
    }

    private String readNow(String box, String name) {
        try {
            return Files.readString(folder.resolve(box).resolve(name));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void aPassphraseThatIsSoonFoundIsRefused() throws Exception {
        Path weak = Files.writeString(folder.resolve("weak"), "1234567\n");
        assertEquals(
                ExitCode.USAGE, run("one", "config", "backup", file.toString(), "--passphrase-file", weak.toString()));
        assertTrue(err.toString().contains("take 8 or more"), err.toString());
        assertFalse(Files.exists(file));
    }

    @Test
    void aFactoryResetTakesTwoSteps() throws Exception {
        Map<String, String> before = kept("one");
        assertEquals(ExitCode.NOT_GOOD, run("one", "factory-reset"));
        assertTrue(out.toString().contains("Nothing was done"), out.toString());
        assertTrue(out.toString().contains("the Wi-Fi password goes too"), out.toString());
        boot("one");
        assertEquals(before, kept("one"));

        assertEquals(ExitCode.OK, run("one", "factory-reset", "--yes"));
        boot("one");
        assertFalse(Files.exists(data("one").resolve("state/nts")));
        assertEquals("[system]\nhostname = \"clock\"\n", Files.readString(folder.resolve("one/boot/noonmark.toml")));
    }

    /** Power goes after each command of the script in turn; then it starts again, and ends what was begun. */
    @Test
    void aCutWhileTheStartReplacesItIsHealedByTheNext() throws Exception {
        backUp();
        for (int cut = 1; cut < 12; cut++) {
            Files.deleteIfExists(folder.resolve("moved"));
            String name = "cut" + cut;
            box(name, "spare", "10000000abcdef02");
            put(name, "data/etc/hostname", "spare\n");
            run(name, "config", "restore", file.toString(), "--passphrase-file", phrase());
            boot(name, cut);
            boot(name);
            assertEquals("clock\n", Files.readString(data(name).resolve("etc/hostname")), "cut " + cut);
            assertTrue(Files.exists(data(name).resolve("state/nts/authority.pem")), "cut " + cut);
            assertFalse(Files.exists(data(name).resolve("next.moving")), "cut " + cut);
            assertFalse(Files.exists(data(name).resolve("next.whole")), "cut " + cut);
        }
    }

    private void backUp() {
        assertEquals(
                ExitCode.OK,
                run("one", "config", "backup", file.toString(), "--passphrase-file", phrase()),
                err.toString());
        assertTrue(err.toString().contains("files of clock"), err.toString());
    }

    private String phrase() {
        return passphrase.toString();
    }

    private Path data(String box) {
        return folder.resolve(box).resolve("data");
    }

    private void box(String box, String host, String serial) throws IOException {
        put(box, "root/etc/hostname", host + "\n");
        put(box, "root/proc/device-tree/serial-number", serial + "\0");
        put(box, "boot/noonmark.toml", "[system]\nhostname = \"clock\"\n");
        put(box, "data/etc/hostname", host + "\n");
        put(box, "data/etc/machine-id", "one\n");
        put(box, "data/etc/systemd/network/10-noonmark-wired.network", "[Network]\nAddress=192.0.2.7/24\n");
        put(box, "data/etc/wpa_supplicant/wpa_supplicant-wlan0.conf", "psk=00\n");
        put(box, "data/state/nts/authority.pem", "secret\n");
        put(box, "data/state/cookie-keys", "keys\n");
        put(box, "data/state/drift", "0 0\n");
        put(box, "data/provisioned.sha256", "as before\n");
        Files.setPosixFilePermissions(
                data(box).resolve("state/nts/authority.pem"), PosixFilePermissions.fromString("rw-------"));
        Files.createSymbolicLink(data(box).resolve("etc/localtime"), Path.of("/usr/share/zoneinfo/UTC"));
    }

    private void put(String box, String path, String text) throws IOException {
        Path target = folder.resolve(box).resolve(path);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        Files.writeString(target, text);
    }

    /** All that is kept, but for the note by which provisioning knows that nothing has changed. */
    private Map<String, String> kept(String box) throws IOException {
        Map<String, String> found = new TreeMap<>();
        Path base = folder.resolve(box);
        for (String part : new String[] {"boot", "data"}) {
            try (Stream<Path> paths = Files.walk(base.resolve(part))) {
                for (Path path : paths.toList()) {
                    if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                        found.put(base.relativize(path).toString(), Files.readString(path));
                    }
                }
            }
        }
        found.remove("data/provisioned.sha256");
        found.keySet().removeIf(name -> name.contains("report") || name.startsWith("data/etc/noonmark/"));
        return found;
    }

    private int run(String box, String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String base = folder.resolve(box).toString();
        CommandLine line = Noonmark.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        String[] all = Stream.concat(
                        Stream.of(words),
                        Stream.of("--boot", base + "/boot", "--data", base + "/data", "--root", base + "/root"))
                .toArray(String[]::new);
        int code = line.execute(all);
        line.getOut().flush();
        line.getErr().flush();
        return code;
    }

    private void boot(String box) throws Exception {
        boot(box, Integer.MAX_VALUE);
        Path waiting = data(box).resolve("boot");
        if (Files.exists(waiting)) {
            new DataPartition(folder.resolve(box + "/boot"), data(box), folder.resolve(box + "/root"))
                    .finishRestore(new RootTree(
                            folder.resolve(box + "/boot"),
                            data(box),
                            folder.resolve(box + "/root"),
                            LocalDate.of(2026, 11, 23)));
        }
    }

    /** The initramfs' part, which is stopped after so many commands that change something. */
    private void boot(String box, int commands) throws Exception {
        String script = Files.readString(INIT);
        int begin = script.indexOf("take_next() {");
        String function = script.substring(begin, script.indexOf("\n}\n", begin) + 3)
                .replace("/data", data(box).toString());
        String counted = "n=0\nstep() { n=$((n + 1)); [ $n -lt " + commands + " ] || exit 0; }\n"
                + "say() { :; }\nsync() { :; }\nrm() { step; command rm \"$@\"; }\nmv() { step; command mv \"$@\"; }\n"
                + "rmdir() { step; command rmdir \"$@\"; }\n";
        Process shell = new ProcessBuilder("sh", "-eu", "-c", counted + function + "\ntake_next\n")
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, shell.waitFor(), said);
    }
}
