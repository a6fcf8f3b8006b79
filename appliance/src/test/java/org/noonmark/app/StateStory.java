package org.noonmark.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.LocalAuthority;
import org.noonmark.certificates.Renewal;
import org.noonmark.certificates.ServerNames;
import org.noonmark.certificates.UnusableException;
import org.noonmark.discipline.ClockStatus;
import org.noonmark.discipline.Learned;
import org.noonmark.discipline.SyncState;
import org.noonmark.provisioning.CookieKeysConfig;
import org.noonmark.provisioning.DriftFile;
import org.noonmark.provisioning.NtsConfig;
import org.noonmark.provisioning.firstboot.FirstBoot;
import org.noonmark.provisioning.firstboot.Step;

/**
 * All that the box keeps, written over some years by the code that writes it on the box; and what the code that reads it there makes of a
 * folder. Root is {@code root}, and the data partition {@code root/data}. One thread.
 */
final class StateStory {
    private static final Path SCRIPTS = Path.of("../systemd-units/rootfs/usr/lib/noonmark");
    private static final Instant FIRST_DAY = Instant.parse("2026-11-22T12:00:00Z");
    private static final String NAME = "time.local";
    private static final List<String> PROVISIONED = List.of(
            "etc/hostname",
            "etc/hosts",
            "etc/localtime",
            "etc/ssh/authorized_keys.d/admin",
            "etc/systemd/network/10-noonmark-wired.network",
            "etc/systemd/network/10-noonmark-wireless.network",
            "etc/wpa_supplicant/wpa_supplicant-wlan0.conf",
            "etc/noonmark/conf.d/10-provisioned.conf",
            "etc/noonmark/tuning.conf",
            "etc/issue.d/noonmark.issue",
            "etc/noonmark/provisioned.sha256",
            "etc/machine-id",
            "etc/ssh/ssh_host_ed25519_key",
            "etc/ssh/ssh_host_ed25519_key.pub",
            "boot/noonmark.toml",
            "boot/config.txt",
            "provisioned.sha256");
    private static final String LOST = "nothing";

    private final Path root;
    private final Path data;
    private final Path state;

    /** Something that is saved. */
    interface Work {
        void run() throws IOException;
    }

    StateStory(Path root) {
        this.root = root;
        this.data = root.resolve("data");
        this.state = data.resolve("state");
    }

    /** What is there before the daemon first starts. */
    void begin() throws IOException {
        Files.createDirectories(state);
        Files.createDirectories(data.resolve("etc"));
        Files.createDirectories(data.resolve("boot"));
        Files.writeString(data.resolve("boot/config.txt"), ProvisioningCases.CONFIG_TXT);
        machine();
    }

    /** The rest of the machine, which is new at each start. */
    void machine() throws IOException {
        Files.createDirectories(root.resolve("boot"));
        Files.createSymbolicLink(root.resolve("boot/firmware"), data.resolve("boot"));
        Files.createDirectories(root.resolve("etc"));
        Files.writeString(root.resolve("etc/machine-id"), "0123456789abcdef0123456789abcdef\n");
    }

    /** One year: each store is saved once or more. */
    List<Work> year(int year) {
        Instant now = FIRST_DAY.plus(Duration.ofDays(365L * year));
        return List.of(
                () -> settings(year),
                this::provision,
                () -> script("provision-inputs", "remember"),
                () -> script("identity"),
                () -> drift().save(status(year), Optional.of(learned(year))),
                this::keyring,
                () -> keyring().rekey(),
                () -> cookies(year),
                () -> authority(year, now),
                () -> acme(now).look(now),
                () -> drift().save(status(year + 0.5), Optional.empty()),
                () -> failingAcme(now).look(now.plus(Duration.ofDays(80))));
    }

    /** What is written in an hour: the frequency, and what was learned of the crystal (driftfile ... interval 3600 on the appliance). */
    void hour(int hour) {
        drift().save(status(hour / 100.0), Optional.of(learned(hour)));
    }

    /** What is written once a day (noonmark-clock-note.timer), and once a week. */
    void endOfDay() throws IOException {
        Path clock = state.resolve("clock");
        RecordedDisk.run("touch", clock.toString());
        RecordedDisk.run("sync", clock.toString());
        keyring().rekey();
    }

    private void settings(int year) throws IOException {
        // The owner's PC writes it, with the card in its reader.
        Path file = data.resolve("boot/noonmark.toml");
        DurableFile.replace(
                file,
                "[system]\nhostname = \"clock-" + year + "\"\ntimezone = \"Europe/Berlin\"\n[ssh]\nauthorized_keys = \""
                        + ProvisioningCases.KEY + "\"\n[wifi]\nssid = \"net-" + year
                        + "\"\npassword = \"correct horse " + year + "\"\ncountry = \"DE\"\n",
                DurableFile.PUBLIC);
    }

    private RootTree tree() {
        return new RootTree(data.resolve("boot"), data, root, LocalDate.of(2026, 11, 22));
    }

    private void provision() throws IOException {
        RootTree tree = tree();
        for (Step step : FirstBoot.plan(tree.bootFolder(), tree.state()).steps()) {
            tree.perform(step);
        }
    }

    private void script(String name, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", SCRIPTS.resolve(name).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("NOONMARK_ROOT", root.toString());
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(name + ": " + said);
        }
    }

    private DriftStore drift() {
        return new DriftStore(new DriftFile(state.resolve("drift").toString(), 3_600), "10000000abcdef01", 0);
    }

    private static Learned learned(int year) {
        List<Learned.Term> terms = Collections.nCopies(3, new Learned.Term(-88.5, 1.25));
        return new Learned(
                -9_000 - year, 2, 51.25, terms, 480, Collections.nCopies(32, new Learned.Forecast(5.5, 700)));
    }

    private static ClockStatus status(double year) {
        return new ClockStatus(
                SyncState.DISCIPLINED,
                "because",
                0,
                0,
                0,
                0,
                0,
                0,
                -9_000.5 - year,
                -0.5,
                3.25,
                0,
                0,
                1,
                10,
                0,
                ClockStatus.Labelling.NONE,
                ClockStatus.Leap.NONE);
    }

    private CookieKeyring keyring() {
        return new CookieKeyring(
                new CookieKeysConfig(Optional.of(state.toString()), 604_800),
                new Random(),
                () -> OptionalLong.of(FIRST_DAY.getEpochSecond()),
                () -> 0);
    }

    /** Kept when the daemon ends, and taken when it starts. */
    private void cookies(int year) throws IOException {
        Path file = state.resolve("192.0.2.1.nts");
        if (year % 2 == 0) {
            DurableFile.replace(file, "NNC0\nof year " + year + "\n" + "ab".repeat(800) + "\n", DurableFile.SECRET);
        } else {
            DurableFile.remove(file);
        }
    }

    private static ServerNames names() {
        return new ServerNames(Set.of(NAME), Set.of());
    }

    private AuthorityFolder authorityFolder() {
        AuthorityFolder folder = new AuthorityFolder(state.resolve("nts"), () -> "clock");
        folder.load();
        return folder;
    }

    private void authority(int year, Instant now) {
        authorityFolder().perform(year % 2 == 0 ? Renewal.MAKE_AUTHORITY : Renewal.ISSUE_CERTIFICATE, now, names());
    }

    private AcmeService acme(Instant now) {
        return new AcmeService(
                acmeConfig(),
                () -> Optional.of(now),
                () -> LocalAuthority.make("time", now).issue(names(), now));
    }

    private AcmeService failingAcme(Instant now) {
        return new AcmeService(acmeConfig(), () -> Optional.of(now.plus(Duration.ofDays(80))), () -> {
            throw new IOException("nobody is there");
        });
    }

    private NtsConfig.Acme acmeConfig() {
        return new NtsConfig.Acme(
                "https://acme.example.net/dir",
                List.of(NAME),
                Optional.empty(),
                80,
                state.resolve("acme").toString(),
                "/none");
    }

    /** What each store holds, by its name, as those read it that use it. A store that was lost or damaged says {@value #LOST}. */
    Map<String, String> look() throws IOException {
        Map<String, String> found = new TreeMap<>();
        Optional<DriftStore.Drift> drift = drift().load();
        found.put("drift", drift.map(Record::toString).orElse(LOST));
        found.put(
                "learned",
                drift.flatMap(drift()::loadLearned).map(Record::toString).orElse(LOST));
        boolean hasKeys = Files.exists(state.resolve(CookieKeyring.FILE));
        found.put("cookie keys", hasKeys ? keyring().get().current().name() : LOST);
        found.put("cookies", text(state.resolve("192.0.2.1.nts")));
        AuthorityFolder authority = authorityFolder();
        found.put(
                "authority",
                authority.authority().map(it -> digest(it.secretText())).orElse(LOST));
        found.put("server.pem", authority.pair().map(StateStory::serial).orElse(LOST));
        found.put("acme pair", acmePair());
        found.put("acme failures", text(state.resolve("acme/failures")));
        for (String path : PROVISIONED) {
            found.put(path, text(data.resolve(path)));
        }
        return found;
    }

    /** Ends what a cut has left half done, as the next boot does; what is wrong then, or nothing. */
    String goOn(int year) throws IOException {
        Instant now = FIRST_DAY.plus(Duration.ofDays(365L * year)).plus(Duration.ofHours(1));
        provision();
        script("identity");
        RootTree tree = tree();
        if (!FirstBoot.plan(tree.bootFolder(), tree.state()).steps().isEmpty()) {
            return "provisioning comes to no end";
        }
        String toml = text(data.resolve("boot/noonmark.toml"));
        if (!toml.equals(LOST)
                && text(data.resolve("etc/wpa_supplicant/wpa_supplicant-wlan0.conf"))
                        .equals(LOST)) {
            return "the Wi-Fi password is in no file any more";
        }
        AuthorityFolder authority = authorityFolder();
        Renewal step = Renewal.of(authority.authority(), authority.pair(), Optional.of(now), names());
        authority.perform(step, now, names());
        Renewal then = Renewal.of(authority.authority(), authority.pair(), Optional.of(now), names());
        if (then != Renewal.KEEP) {
            return "the authority: " + then;
        }
        String shown = Files.readString(state.resolve("nts/ca.pem"), StandardCharsets.US_ASCII);
        if (!shown.equals(authority.authority().orElseThrow().certificateText())) {
            return "ca.pem is not of the authority in force";
        }
        drift().save(status(1), Optional.of(learned(1)));
        keyring().rekey();
        if (drift().load().isEmpty()) {
            return "the drift file cannot be written any more";
        }
        return "";
    }

    private String acmePair() throws IOException {
        Path file = state.resolve("acme").resolve(AcmeService.PAIR);
        try {
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            return serial(CertifiedKey.of(text, text));
        } catch (NoSuchFileException e) {
            return LOST;
        } catch (UnusableException e) {
            return "damaged: " + e.getMessage();
        }
    }

    private static String serial(CertifiedKey pair) {
        return pair.certificate().getSerialNumber().toString(16);
    }

    private static String text(Path file) throws IOException {
        if (Files.isSymbolicLink(file)) {
            return Files.readSymbolicLink(file).toString();
        }
        return Files.exists(file) ? digest(Files.readString(file, StandardCharsets.ISO_8859_1)) : LOST;
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
            return text.length() + ":" + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
