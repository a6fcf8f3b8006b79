package org.noonmark.provisioning.firstboot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.noonmark.provisioning.Problem;
import org.noonmark.provisioning.Problem.Severity;

/**
 * Decides what to do with the files of the boot partition. What is right is applied; a wrong line loses only itself, and is told with
 * its cure. Nothing here can lock an owner out: keys that are in place stay unless the file has others, addresses and Wi-Fi that are in
 * place stay when their line is wrong, and whoever has the card can edit the file.
 *
 * <p>A file that cannot be read to its end (another encoding, a text that is not closed) is not half a wish: where something was
 * applied before, all of that stays; at the first start, what can be read of it is applied, since a machine with an address and a key
 * is better than none.
 */
public final class FirstBoot {
    private static final Set<String> OTHER_SYSTEMS =
            Set.of("firstrun.sh", "user-data", "network-config", "wpa_supplicant.conf");

    private final BootFolder boot;
    private final State state;
    private final Draft draft;
    /** Secrets by file and line, with the name of the key. */
    private final Map<String, Map<Integer, String>> secrets = new TreeMap<>();

    private final Map<String, String> texts = new TreeMap<>();

    private FirstBoot(BootFolder boot, State state) {
        this.boot = boot;
        this.state = state;
        this.draft = new Draft(state);
    }

    /**
     * What is to be done, and what to tell.
     *
     * @param steps in their order
     * @param report what was refused and what is in force
     */
    public record Plan(List<Step> steps, Report report) {
        /** Whether something was refused. */
        public boolean hasRefused() {
            return report.problems().stream().anyMatch(Problem::isError);
        }
    }

    /** Decides. Never throws for what the files say. */
    public static Plan plan(BootFolder boot, State state) {
        return new FirstBoot(boot, state).plan();
    }

    private Plan plan() {
        state.mended()
                .forEach(done ->
                        draft.accept(TextOfFile.whole(Severity.ERROR, "data partition", done.what(), done.cure())));
        if (boot.names().isEmpty()) {
            return withoutBootPartition();
        }
        Optional<Settings> own = own();
        Settings settings = own.orElseGet(Settings::new);
        Optional<ConsolePassword> password = imager(settings);
        strangers();
        List<Step> firmware = new ArrayList<>();
        if (own.isPresent() || !state.wasApplied()) {
            refuseSharedSecret(settings);
            apply(settings, password).ifPresent(text -> {
                firmware.add(new Step.WriteBoot(
                        BootFolder.CONFIG_TXT, RawFile.of(text.getBytes(StandardCharsets.ISO_8859_1))));
                firmware.add(new Step.Reboot());
            });
        } else {
            draft.say("Everything", "as before, because " + NoonmarkToml.NAME + " cannot be read");
        }
        return complete(firmware);
    }

    /**
     * The machine was started from it, so it is not empty but failed to mount. That says nothing: taken for a wish, it would be the end of
     * addresses and Wi-Fi, whose password is kept nowhere else.
     */
    private Plan withoutBootPartition() {
        draft.accept(TextOfFile.whole(
                Severity.ERROR,
                "boot partition",
                "nothing is there, so it was not mounted: everything stays as before",
                "look for its fault in the journal, or put the card into another computer"));
        return new Plan(List.of(), new Report(draft.problems(), draft.inForce()));
    }

    /** The settings of noonmark.toml, none if there is no such file; empty when it cannot be read to its end. */
    private Optional<Settings> own() {
        Optional<RawFile> file = boot.file(NoonmarkToml.NAME);
        if (file.isEmpty()) {
            return Optional.of(new Settings());
        }
        Optional<TomlDocument> document = document(NoonmarkToml.NAME, file.get());
        if (document.isEmpty() || (!document.get().whole() && state.wasApplied())) {
            return Optional.empty();
        }
        Settings settings = NoonmarkToml.read(document.get(), draft);
        SshLogin.rescue(draft, settings, texts.getOrDefault(NoonmarkToml.NAME, ""));
        return Optional.of(settings);
    }

    private Optional<TomlDocument> document(String name, RawFile file) {
        Optional<String> text = TextOfFile.decode(name, file, draft);
        text.ifPresent(read -> texts.put(name, read));
        return text.map(read -> TomlDocument.parse(name, read, draft));
    }

    /** Adds what Imager's files say to {@code settings}; returns the password for the console. */
    private Optional<ConsolePassword> imager(Settings settings) {
        Optional<ConsolePassword> password = Optional.empty();
        for (String name : List.of(ImagerToml.PRESEED, ImagerToml.CUSTOM)) {
            Optional<TomlDocument> document = boot.file(name).flatMap(file -> document(name, file));
            if (document.isPresent()) {
                ImagerToml.Read read = ImagerToml.read(document.get(), texts.getOrDefault(name, ""), draft);
                settings.fillFrom(read.settings());
                password = password.or(read::password);
            }
        }
        return password.or(this::olderPassword);
    }

    /** The password of userconf.txt, which Imager's newer files go before. */
    private Optional<ConsolePassword> olderPassword() {
        Optional<String> text = boot.file(UserConf.NAME).flatMap(file -> TextOfFile.decode(UserConf.NAME, file, draft));
        if (text.isEmpty() || isTakenOut(ImagerToml.PRESEED) || isTakenOut(ImagerToml.CUSTOM)) {
            return Optional.empty();
        }
        texts.put(UserConf.NAME, text.get());
        return UserConf.read(text.get(), draft);
    }

    private boolean isTakenOut(String file) {
        return SecretLines.isTakenOutOf(texts.getOrDefault(file, ""), ConsolePassword.NAME);
    }

    /** Files that an owner may take for ours. */
    private void strangers() {
        for (String name : boot.names().stream().sorted().toList()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (looksLikeOurs(name)) {
                draft.accept(TextOfFile.whole(
                        Severity.ERROR,
                        name,
                        "the file is not read, its name is not " + NoonmarkToml.NAME,
                        "rename it to " + NoonmarkToml.NAME
                                + " (Windows hides the last part of a name: switch on 'File name extensions')"));
            } else if (OTHER_SYSTEMS.contains(lower)) {
                draft.accept(TextOfFile.whole(
                        Severity.WARNING,
                        name,
                        "the file is not read, it is for another system",
                        "write the settings into " + NoonmarkToml.NAME));
            }
        }
    }

    private static boolean looksLikeOurs(String name) {
        return name.toLowerCase(Locale.ROOT)
                .matches(
                        "noonmark\\.toml\\.[a-z0-9]+|noonmark\\.(tml|txt|tom)|noonmark\\.toml~?( ?\\(\\d+\\))|noonmark ?\\(\\d+\\)\\.toml");
    }

    /** A secret that shares its line cannot be taken out, so it is not taken at all. */
    private void refuseSharedSecret(Settings settings) {
        settings.find(Keys.WIFI_PASSWORD)
                .map(Settings.Found::given)
                .filter(given -> given.name().equals(Keys.WIFI_PASSWORD.name()))
                .filter(given -> !SecretLines.isAlone(texts.getOrDefault(given.file(), ""), given.line(), given.name()))
                .ifPresent(_ -> settings.refuse(
                        Keys.WIFI_PASSWORD,
                        "does not stand on a line of its own",
                        "write it so, since the line is taken out after use"));
    }

    /** Once the key that is made of it is kept, the password need not lie where every computer can read it. */
    private void takeOutWifiPassword(Settings settings) {
        settings.find(Keys.WIFI_PASSWORD)
                .filter(password -> !password.value().isEmpty())
                .map(Settings.Found::given)
                .ifPresent(given -> takeOut(given.file(), given.line(), given.name()));
    }

    private void takeOut(String file, int line, String name) {
        secrets.computeIfAbsent(file, _ -> new TreeMap<>()).put(line, name);
    }

    /** Makes the system's files; returns the new config.txt if it must change. */
    private Optional<String> apply(Settings settings, Optional<ConsolePassword> password) {
        Names.into(draft, settings);
        SshLogin.into(draft, settings);
        if (!settings.has(Keys.AUTHORIZED_KEYS) && !state.has(State.AUTHORIZED_KEYS)) {
            Stream.of(UserConf.SSH, UserConf.SSH_TXT)
                    .filter(name -> boot.file(name).isPresent())
                    .forEach(name -> draft.accept(TextOfFile.whole(
                            Severity.WARNING,
                            name,
                            "SSH is on, with this file and without, but there is no key, so nobody can log in",
                            Keys.AUTHORIZED_KEYS.cure() + " with your own key")));
        }
        password(password);
        Network.into(draft, settings);
        if (Wifi.into(draft, settings)) {
            takeOutWifiPassword(settings);
        }
        if (settings.has(Keys.SSID) && settings.get(Keys.DISABLE_WIFI, false)) {
            settings.refuse(Keys.DISABLE_WIFI, "would switch off the network of [wifi]", "remove one of them");
        }
        Receiver receiver = Receiver.of(settings);
        TimeServer.into(draft, settings, receiver);
        Tuning.into(draft, settings);
        return configTxt(ConfigTxt.block(settings, receiver));
    }

    /** The firmware's file with our block, if it must change. One that was not read to its end would lose the rest. */
    private Optional<String> configTxt(List<String> block) {
        Optional<RawFile> file = boot.file(BootFolder.CONFIG_TXT);
        if (file.filter(TextOfFile::isTooLong).isPresent()) {
            draft.accept(TextOfFile.whole(
                    Severity.ERROR,
                    BootFolder.CONFIG_TXT,
                    "the file has more than 64 KiB, so it is left as it is",
                    "shorten it, or write into it: " + String.join(" and ", block)));
            return Optional.empty();
        }
        // One character for each byte: what is in another encoding stays as it is.
        return file.map(found -> new String(found.bytes(), StandardCharsets.ISO_8859_1))
                .flatMap(text -> ConfigTxt.with(text, block));
    }

    /** One that was taken out of its file after use stays as long as the file says so. */
    private void password(Optional<ConsolePassword> password) {
        boolean stays =
                Stream.of(ImagerToml.PRESEED, ImagerToml.CUSTOM, UserConf.NAME).anyMatch(this::isTakenOut);
        password.ifPresent(given -> {
            draft.writeSecret(State.CONSOLE_PASSWORD, given.text());
            takeOut(given.file(), given.line(), ConsolePassword.NAME);
        });
        if (password.isPresent() || (stays && state.has(State.CONSOLE_PASSWORD))) {
            draft.say("Console", "user " + SshLogin.USER + " with a password, at keyboard and screen only");
        } else {
            if (stays) {
                draft.accept(TextOfFile.whole(
                        Severity.WARNING,
                        "console password",
                        "it was taken out of its file after use, and is lost since: nobody can log in at keyboard and screen",
                        "write it again with Raspberry Pi Imager, or do without: SSH works with a key"));
            }
            draft.removeIfKept(State.CONSOLE_PASSWORD);
        }
    }

    /**
     * The order matters: first all that is kept in the system, which needs no boot partition that can be written; then the secrets
     * are taken out, then the firmware's file and the report, then the note of what was applied, at last new units and the restart. After a power
     * cut between any two, all of it is done again with the same end.
     */
    private Plan complete(List<Step> firmware) {
        List<Problem> sorted = sorted(draft.problems());
        Report report = new Report(sorted, draft.inForce());
        List<Step> steps = new ArrayList<>(draft.files());
        String issue = report.issue();
        if (!issue.isEmpty()) {
            steps.add(new Step.WriteFile(State.ISSUE, issue, false));
        } else if (state.has(State.ISSUE)) {
            steps.add(new Step.Remove(State.ISSUE));
        }
        if (state.keepsData()) {
            secrets.forEach((name, lines) -> boot.file(name)
                    .ifPresent(file ->
                            steps.add(new Step.WriteBoot(name, SecretLines.takenOut(file, lines, state.today())))));
        }
        firmware.stream().filter(Step.WriteBoot.class::isInstance).forEach(steps::add);
        Optional<String> earlier = boot.file(BootFolder.REPORT).map(RawFile::text);
        if (earlier.filter(text -> report.isAsIn(text, state.today())).isEmpty()) {
            steps.add(new Step.WriteBoot(BootFolder.REPORT, RawFile.of(report.text(state.today()))));
        }
        if (state.mended().isEmpty()
                && state.kept(State.APPLIED).filter(digest(List.of())::equals).isPresent()) {
            return new Plan(List.of(), report);
        }
        steps.add(new Step.WriteFile(State.APPLIED, digest(steps), false));
        steps.addAll(draft.live());
        firmware.stream().filter(Step.Reboot.class::isInstance).forEach(steps::add);
        return new Plan(List.copyOf(steps), report);
    }

    /** The files that were read, as they are after {@code steps}, the build, and what was reported as unread, in the form of sha256sum. */
    private String digest(List<Step> steps) {
        Map<String, RawFile> files = new TreeMap<>(boot.files());
        for (Step step : steps) {
            if (step instanceof Step.WriteBoot(String name, RawFile content)) {
                files.put(name, content);
            }
        }
        files.remove(BootFolder.REPORT);
        files.put("build-info", RawFile.of(state.build()));
        StringBuilder out = new StringBuilder();
        files.forEach((name, file) ->
                out.append(file.sha256()).append("  ").append(name).append('\n'));
        boot.names().stream()
                .filter(FirstBoot::looksLikeOurs)
                .sorted()
                .forEach(name -> out.append("unread  ").append(name).append('\n'));
        return out.toString();
    }

    /** By file in the order in which they are read, then by line. */
    private static List<Problem> sorted(List<Problem> problems) {
        List<String> order = problems.stream().map(Problem::file).distinct().toList();
        List<Problem> sorted = new ArrayList<>(problems);
        sorted.sort(Comparator.comparingInt((Problem problem) -> order.indexOf(problem.file()))
                .thenComparingInt(Problem::line));
        return sorted;
    }
}
